import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from './temporary.js';

/** Whether this machine has a `nix` with flakes. */
export const nixInstalled = spawnSync('nix', ['--version']).status === 0;

/** To put behind the name of what needs it: `describe.skipIf(!nixInstalled)(\`builds${withoutNix}\`, …)`. */
export const withoutNix = nixInstalled ? '' : ' (skipped: nix is not installed)';

/**
 * Builders of tests are this machine's own bash and tools, so there is no sandbox; nothing is asked of the network; root builds
 * without build users. Features are left out: ours must not rely on them.
 */
export const NIX_CONFIG = [
  'build-users-group =',
  'sandbox = false',
  'substituters =',
  'flake-registry =',
].join('\n');

/** Makes `nix` of this process and of its children work as the tests need it. */
export function useNix(): void {
  process.env.NIX_CONFIG = NIX_CONFIG;
}

/** Nix code: a derivation that bash of this machine builds by running the script, in the system asked for. */
export const DERIVATION = `
  derivationFor = system: name: script: derivation {
    inherit name system;
    builder = "/bin/bash";
    args = [ "-euc" script ];
    PATH = "/usr/bin:/bin";
  };`;

/** A compose-info document of flavour docker with these roles, as text. */
export const composeInfo = (roles: readonly string[], flavour = 'docker'): string =>
  JSON.stringify({ flavour, roles, image: '/nonexistent', 'docker-compose-file': '/nonexistent' });

/** What upstream's `nxc.lib.compose` does, as far as roles and setup go; for `flakeProject`. */
export const composingFlake = {
  packages: `{
    "composition::docker" = let
      setup = if builtins.pathExists ./setup.toml then selected (builtins.fromTOML (builtins.readFile ./setup.toml)) else { };
      # nix/setup.nix: the chosen variant over the rest.
      selected = all: all // { params = all.params // (all.\${all.project.selected or "-"}.params or { }); };
      composition = import ./composition.nix { inherit setup; };
    in build "compose-info" ''echo '\${builtins.toJSON {
      flavour = "docker";
      roles = builtins.attrNames composition.roles;
    }}' > $out'';
  }`,
  files: { 'composition.nix': 'args: { roles.foo = { }; }\n' } as Record<string, string>,
};

export interface FlakeProjectOptions {
  /** Nix code of the set `packages.<system>`; it may use `build NAME SCRIPT`. */
  packages: string;
  /** More files. */
  files?: Readonly<Record<string, string>>;
  /** Without git every file belongs to the flake. */
  git?: boolean;
  system?: string;
  /** Where it goes; default a folder of its own. */
  folder?: string;
}

/** A project whose flake has no inputs, committed to a git repository of its own. */
export async function flakeProject({
  packages,
  files = {},
  git = true,
  system = 'x86_64-linux',
  folder: given,
}: FlakeProjectOptions): Promise<string> {
  const folder = given ?? (await temporaryFolder());
  const all: Record<string, string> = {
    'nxc.json': '{"composition":"composition.nix","default_flavour":"docker"}\n',
    'composition.nix': '{ ... }: { roles.foo = { ... }: { }; }\n',
    'flake.nix': `{
  outputs = { self }: let${DERIVATION}
    build = derivationFor "${system}";
  in { packages.${system} = ${packages}; };
}
`,
    ...files,
  };
  for (const [name, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  if (git) {
    gitIn(folder, 'init', '-q');
    gitIn(folder, 'add', '--all');
    gitIn(folder, '-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-q', '-m', 'begin');
  }
  return folder;
}

export function gitIn(folder: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('git', ['-C', folder, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout;
}
