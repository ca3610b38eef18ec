import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { homeFolder } from '../home-folder.js';
import { readRegular } from '../read-regular.js';
import { NixError } from './error.js';
import { Readable } from './readable.js';
import type { Text } from './text.js';

export type FileType = 'regular' | 'directory' | 'symlink' | 'unknown';

/** Files that are not on this machine's disk. */
export interface Elsewhere {
  /** Where a path is kept instead, for reading; undefined for paths that mean themselves. */
  locate(path: string): string | undefined;
  /** The path that `<name>` means; undefined for names that mean nothing here. */
  search(name: string): string | undefined;
  /** What to say of a path that is not there; undefined where it is simply not there. */
  missing(path: string): NixError | undefined;
}

/** The file system as Nix code sees it. */
export class Files {
  /** Absolute paths of all that was read, folders and files that were only looked for included. */
  readonly seen = new Set<string>();

  /**
   * @param store makes of a path what it becomes in a string; Nix would copy it to the store
   * @param readable what may be read
   */
  constructor(
    private readonly store: (path: string) => Text,
    private readonly elsewhere?: Elsewhere,
    private readonly readable = new Readable(undefined),
  ) {}

  /** What a path becomes in a string. */
  readonly copy = (path: string): Text => this.store(this.checked(path));

  /** The path; throws NixError where it may not be read. */
  checked(path: string): string {
    if (this.elsewhere?.locate(path) !== undefined || this.readable.allows(path)) return path;
    throw this.elsewhere?.missing(path) ?? this.readable.refusal(path);
  }

  /** Content of a file; throws NixError when it cannot be read. */
  read(path: string): Buffer {
    return this.#look(path, 'file', readRegular);
  }

  entries(path: string): Array<{ name: string; type: FileType }> {
    const entries = this.#look(path, 'folder', real => readdirSync(real, { withFileTypes: true }));
    return entries.map(entry => ({ name: entry.name, type: typeOf(entry) }));
  }

  exists(path: string): boolean {
    if (this.elsewhere?.locate(path) === undefined && !this.readable.allows(path)) return false;
    this.seen.add(path);
    try {
      return statSync(this.#real(path), { throwIfNoEntry: false }) !== undefined;
    } catch (error) {
      // Below a file there is nothing.
      if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false;
      throw error;
    }
  }

  type(path: string): FileType {
    return this.#look(path, 'file', real => typeOf(lstatSync(real)));
  }

  /** The file that `import` of this path means: `default.nix` of a folder, links followed. */
  importable(path: string): string {
    this.checked(path);
    const isFolder = this.#mended(path, 'file', real => statSync(realpathSync(real)).isDirectory());
    return isFolder ? join(path, 'default.nix') : path;
  }

  /** An absolute path of what stands in a source in this folder. */
  resolve(text: string, directory: string): string {
    return text.startsWith('~/') ? join(homeFolder(), text.slice(2)) : resolve(directory, text);
  }

  /** The path of `<name>`. */
  search(name: string): string | undefined {
    return this.elsewhere?.search(name);
  }

  #look<T>(path: string, what: 'file' | 'folder', work: (real: string) => T): T {
    this.checked(path);
    this.seen.add(path);
    return this.#mended(path, what, work);
  }

  #mended<T>(path: string, what: 'file' | 'folder', work: (real: string) => T): T {
    try {
      return work(this.#real(path));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const own = code === 'ENOENT' ? this.elsewhere?.missing(path) : undefined;
      if (own) throw own;
      const asked = code === 'ENOENT' ? `there is no ${what} ${path}` : `cannot read the ${what} ${path}`;
      const found = code === 'ENOENT' ? undefined : message;
      throw new NixError('evaluation', { asked, found, cause: error });
    }
  }

  #real(path: string): string {
    return this.elsewhere?.locate(path) ?? path;
  }
}

function typeOf(entry: { isFile(): boolean; isDirectory(): boolean; isSymbolicLink(): boolean }): FileType {
  if (entry.isFile()) return 'regular';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'symlink' : 'unknown';
}
