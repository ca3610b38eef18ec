import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { chmod, cp, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { makeFolder } from '../../make-folder.js';
import { innerPathFault, shownName } from '../../name.js';
import { NixError } from '../../nix/index.js';
import { eachChunk } from '../../read-regular.js';

/** Every user of a node may read packages; on this machine the folder artifact/ around them lets nobody in. */
const SHARED = 0o755;

/** As Nix has it for names of store paths. */
const LONGEST_NAME = 211;

/** A file of a package that is made here. */
type Entry =
  | { kind: 'link'; target: string }
  | { kind: 'file'; text: string; executable: boolean }
  | { kind: 'copy'; source: string; digest: string };

/** Path inside the package → file; the empty path when the package is one file. */
export type Entries = Readonly<Record<string, Entry>>;

/**
 * What stands in for the Nix store in one build: a folder of packages, each named by the hash of what it holds.
 * Evaluation only notes them; `write` puts those on disk that are not there.
 */
export class Farm {
  readonly #packages: Map<string, Entries>;

  /**
   * @param root absolute path of the folder
   * @param packages absolute path → what is in it
   */
  constructor(
    readonly root: string,
    packages: ReadonlyMap<string, Entries> = new Map(),
  ) {
    this.#packages = new Map(packages);
  }

  get packages(): ReadonlyMap<string, Entries> {
    return this.#packages;
  }

  /** Absolute path that the package will have. */
  add(name: string, entries: Entries): string {
    const outside = Object.keys(entries).find(place => place !== '' && innerPathFault(place) !== undefined);
    if (outside !== undefined) {
      throw new NixError('evaluation', {
        asked: `package ${shownName(name)} cannot have a file ${shownName(outside)}`,
        found: `it is not a path within the package: ${innerPathFault(outside)}`,
        todo: 'write it relative to the package, such as "share/settings.json"',
      });
    }
    if (Buffer.byteLength(name) > LONGEST_NAME) {
      throw new NixError('evaluation', {
        asked: `a package cannot be called ${shownName(name)}`,
        found: `it has ${Buffer.byteLength(name)} bytes, at most ${LONGEST_NAME} are allowed in the store`,
      });
    }
    // Packages that refer to each other have the same names in every project.
    const held = Object.entries(entries).map(([place, entry]) => [
      place,
      entry.kind === 'copy' ? entry.digest : entry,
    ]);
    const content = JSON.stringify(held).replaceAll(this.root, '');
    const hash = createHash('sha256').update(content).digest('hex').slice(0, 16);
    const path = join(this.root, `${hash}-${name.replace(/[^\w.+?=-]/g, '-')}`);
    this.#packages.set(path, entries);
    return path;
  }

  /** A file or folder of the user as it is now; of a folder, the files at these places below it, or all. */
  addCopy(source: string, wanted?: readonly string[]): string {
    if (wanted) {
      const files = wanted.map(place => [place, copyOf(join(source, place))] as const);
      return this.add(basename(source), Object.fromEntries(files));
    }
    return this.add(basename(source), { '': { kind: 'copy', source, digest: readDigest(source) } });
  }

  /** What a package of this build holds; undefined for other paths. */
  entriesOf(path: string): Entries | undefined {
    return this.#packages.get(path);
  }

  /** Whether the user's files and the host's programs are still what they were. */
  isFresh(): boolean {
    return [...this.#packages.values()]
      .flatMap(entries => Object.values(entries))
      .every(entry => {
        if (entry.kind === 'link') return entry.target.startsWith(this.root) || existsSync(entry.target);
        return entry.kind === 'file' || (existsSync(entry.source) && digestOf(entry.source) === entry.digest);
      });
  }

  async write(): Promise<void> {
    makeFolder(this.root, 0o700);
    await chmod(this.root, SHARED);
    for (const [path, entries] of this.#packages) {
      // The name says what is in it, so what is there is right.
      if (!existsSync(path)) await this.#writePackage(path, entries);
    }
  }

  async #writePackage(path: string, entries: Entries): Promise<void> {
    const draft = await mkdtemp(join(this.root, '.draft-'));
    try {
      await chmod(draft, SHARED);
      const single = entries[''];
      if (single) await writeEntry(join(draft, 'file'), single);
      else for (const [name, entry] of Object.entries(entries)) await writeEntry(join(draft, name), entry);
      await rename(single ? join(draft, 'file') : draft, path);
    } catch (error) {
      // Another build may have been faster.
      if (!existsSync(path)) throw error;
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }
}

async function writeEntry(path: string, entry: Entry): Promise<void> {
  makeFolder(dirname(path), SHARED);
  if (entry.kind === 'link') await symlink(entry.target, path);
  else if (entry.kind === 'file')
    await writeFile(path, entry.text, { mode: entry.executable ? 0o755 : 0o644 });
  else await cp(entry.source, path, { recursive: true, verbatimSymlinks: true });
}

function copyOf(source: string): Entry {
  if (lstatSync(source).isSymbolicLink()) return { kind: 'link', target: readlinkSync(source) };
  return { kind: 'copy', source, digest: readDigest(source) };
}

function readDigest(source: string): string {
  try {
    return digestOf(source);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT' && !existsSync(source);
    throw new NixError('evaluation', {
      asked: missing ? `there is no file ${source}` : `cannot read ${source}`,
      found: missing ? undefined : (error as Error).message,
      cause: error,
    });
  }
}

/** Changes when a file in it does. */
function digestOf(source: string): string {
  const hash = createHash('sha256');
  const update = (path: string): void => {
    try {
      eachChunk(path, chunk => hash.update(chunk));
    } catch (error) {
      if (path === source) throw error;
      throw new Error(`${relative(source, path)}: ${(error as Error).message}`, { cause: error });
    }
  };
  const add = (path: string, name: string): void => {
    const stat = statSync(path);
    hash.update(`${name}\0${stat.isDirectory() ? 'd' : stat.mode & 0o100}\0`);
    if (!stat.isDirectory()) {
      update(path);
      return;
    }
    for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      const inner = join(path, entry.name);
      if (entry.isSymbolicLink()) hash.update(`${name}/${entry.name}\0l${readlinkSync(inner)}\0`);
      else add(inner, `${name}/${entry.name}`);
    }
  };
  add(source, '');
  return hash.digest('hex');
}
