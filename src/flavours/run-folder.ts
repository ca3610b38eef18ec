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
import { currentUser } from '../process/user.js';
import { runtimeHome } from './runtime-home.js';

const isRun = (name: string): boolean => /^[0-9a-f]{8}$/.test(name);

/** The runtime folder of one deployment; only its owner may enter, unless told otherwise. A flavour keeps its own in a folder of this user's. */
export class RunFolder {
  readonly path: string;

  constructor(
    home: string,
    readonly run: string,
  ) {
    // The folder is removed with all that is in it: `..` in a name must never lead it elsewhere.
    if (!isRun(run))
      throw new NxcError({ asked: `${JSON.stringify(run)} is not a run`, found: 'not 8 hex digits' });
    this.path = join(home, run);
  }

  create(): void {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    if (!isOurs(runtimeHome())) {
      throw new NxcError({
        asked: `${runtimeHome()} cannot hold the runtime files of a deployment`,
        found: 'it is not a folder of yours that nobody else may list or write to',
        todo: 'remove it, or ask its owner to',
      });
    }
    mkdirSync(this.path, { mode: 0o700 });
  }

  /** Lets the users of this machine pass who know the way: of each file inside its own mode says whether they may read it. */
  letPass(): void {
    for (const folder of [runtimeHome(), this.path]) chmodSync(folder, 0o711);
  }

  /** The node's runtime folder: the agent's FIFOs, and what else the flavour keeps of a node. */
  node(name: string): string {
    return join(this.path, 'nodes', name);
  }

  /** Whether the node was ended on purpose, and is no loss. */
  isOff(node: string): boolean {
    return existsSync(join(this.path, 'off', node));
  }

  setOff(node: string): void {
    mkdirSync(join(this.path, 'off'), { recursive: true });
    writeFileSync(join(this.path, 'off', node), '');
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
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The runs that have a folder there. What they say is believed, so none in a home that others may write to. */
export function runsIn(home: string): string[] {
  try {
    return isOurs(runtimeHome()) ? readdirSync(home).filter(isRun) : [];
  } catch {
    return [];
  }
}

/** Its parent is everybody's: somebody else may have made it, or a link of that name. */
function isOurs(home: string): boolean {
  const found = lstatSync(home);
  return found.isDirectory() && found.uid === currentUser().uid && (found.mode & 0o066) === 0;
}
