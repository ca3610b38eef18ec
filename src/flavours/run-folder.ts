import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { NxcError } from '../errors.js';
import { makeFolder } from '../make-folder.js';
import { asName, within } from '../name.js';
import { firstHome, makeRuntimeHome, runtimeHomes } from './runtime-home.js';

const isRun = (name: string): boolean => /^[0-9a-f]{8}$/.test(name);

/** The runtime folder of one deployment; only its owner may enter, unless told otherwise. A flavour may keep its own in a folder of this user's. */
export class RunFolder {
  #home: string;

  constructor(
    private readonly flavour: string,
    readonly run: string,
  ) {
    // The folder is removed with all that is in it: `..` in a name must never lead it elsewhere.
    if (!isRun(run))
      throw new NxcError({ asked: `${JSON.stringify(run)} is not a run`, found: 'not 8 hex digits' });
    this.#home = runtimeHomes().find(home => isThere(join(home, flavour, run))) ?? firstHome();
  }

  get path(): string {
    return join(this.#home, this.flavour, this.run);
  }

  /** `passable`: the users of this machine may pass who know the way; of each file inside its own mode says whether they may read it. */
  create({ passable = false } = {}): void {
    this.#home = makeRuntimeHome({ passable });
    makeFolder(dirname(this.path), 0o700);
    mkdirSync(this.path, { mode: 0o700 });
    if (passable) for (const folder of [this.#home, this.path]) chmodSync(folder, 0o711);
  }

  /** The node's runtime folder: the agent's FIFOs, and what else the flavour keeps of a node. */
  node(name: string): string {
    return within(join(this.path, 'nodes'), asName('node', name));
  }

  /** Whether the node was ended on purpose, and is no loss. */
  isOff(node: string): boolean {
    return existsSync(this.#off(node));
  }

  setOff(node: string): void {
    makeFolder(join(this.path, 'off'));
    writeFileSync(this.#off(node), '');
  }

  #off(node: string): string {
    return within(join(this.path, 'off'), asName('node', node));
  }

  /** Absolute path of the project that the run is of; undefined when it broke off before it told. */
  get project(): string | undefined {
    try {
      return (JSON.parse(readFileSync(join(this.path, 'run.json'), 'utf8')) as { project?: string }).project;
    } catch {
      return undefined;
    }
  }

  belongTo(project: string): void {
    writeFileSync(join(this.path, 'run.json'), JSON.stringify({ project }), { mode: 0o600 });
  }

  remove(): void {
    if (isThere(this.path)) rmSync(this.path, { recursive: true, force: true });
  }
}

/** Absolute paths of the projects that runs with a folder are of, of whatever flavour: known without asking any engine. */
export function projectsOfRuns(): string[] {
  const flavours = runtimeHomes().flatMap(home => readdirSync(home).filter(name => !isRun(name)));
  const projects = ['', ...new Set(flavours)].flatMap(flavour =>
    runsOf(flavour).map(run => new RunFolder(flavour, run).project),
  );
  return [...new Set(projects)].filter(project => project !== undefined);
}

/** The runs of a flavour that have a folder. */
export function runsOf(flavour: string): string[] {
  return runtimeHomes().flatMap(home => {
    try {
      return readdirSync(join(home, flavour)).filter(isRun);
    } catch {
      return [];
    }
  });
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
