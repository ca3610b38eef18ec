/** A named instance of a role. Data; the driver's live handle of it is a Machine. */
export interface Node {
  name: string;
  role: string;
  /** Address inside the deployment's network, once started. */
  address?: string;
}

/** Role → number of nodes or their names (upstream's `-r` and `rolesDistribution`). */
export type RolesDistribution = Readonly<Record<string, number | readonly string[]>>;

/** The folder with flake.nix, composition.nix and nxc.json. */
export interface Project {
  /** Absolute path. */
  directory: string;
  /** nxc.json, unknown keys kept. */
  settings: Readonly<Record<string, unknown>>;
}

export interface BuildRequest {
  project: Project;
  /** Composition file, absolute or relative to the project; default from nxc.json, else composition.nix. */
  compositionFile?: string;
  /** Which composition of a file that holds several. */
  compositionName?: string;
  /** setup.toml variant and parameters for this build only. */
  setup?: string;
  setupParams?: Readonly<Record<string, string | number>>;
  /** Where the link goes instead of build/<composition>::<flavour>. */
  outLink?: string;
  /** The evaluation may read files outside of the project, as Nix has it. */
  impure?: boolean;
  /** Options of `nix build` itself; of flavours that Nix builds. */
  nixFlags?: readonly string[];
}

/** What a build would do. */
export interface BuildPlan {
  /** Absolute path of the composition file. */
  file: string;
  /** Absolute path of what it would leave. */
  link: string;
  /** Files of the project (absolute paths) that it would read with other content, in a copy of the project. */
  replaced: readonly string[];
  /** What it would run in the project's folder; nothing for a flavour that is built in this process. */
  command?: readonly string[];
}

/** The outcome of a build: what build/<composition>::<flavour> holds. */
export interface Build {
  composition: string;
  flavour: string;
  /** Absolute path of build/<composition>::<flavour>. */
  link: string;
  roles: readonly string[];
  rolesDistribution?: RolesDistribution;
  /** Python source of the composition's testScript. */
  testScript?: string;
  /** The whole compose-info document, as written. */
  info: Readonly<Record<string, unknown>>;
  /** sha256 of the composition's evaluated content, hexadecimal. */
  hash: string;
  /** What of setup.toml it was made with; absent in builds of other programs and where there is nothing of it. */
  setup?: BuildSetup;
}

export interface BuildSetup {
  variant?: string;
  /** Every parameter as the composition saw it. */
  params: Readonly<Record<string, unknown>>;
}
