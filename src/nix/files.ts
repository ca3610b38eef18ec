import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { homeFolder } from '../home-folder.js';
import { NixError } from './error.js';
import type { Text } from './text.js';

export type FileType = 'regular' | 'directory' | 'symlink' | 'unknown';

/** The file system as Nix code sees it. */
export class Files {
  /** Absolute paths of all that was read, folders and files that were only looked for included. */
  readonly seen = new Set<string>();

  /** @param copy what a path becomes in a string; Nix would copy it to the store */
  constructor(readonly copy: (path: string) => Text) {}

  /** Content of a file; throws NixError when it cannot be read. */
  read(path: string): Buffer {
    this.seen.add(path);
    return mended(path, 'file', () => readFileSync(path));
  }

  entries(path: string): Array<{ name: string; type: FileType }> {
    this.seen.add(path);
    const entries = mended(path, 'folder', () => readdirSync(path, { withFileTypes: true }));
    return entries.map(entry => ({ name: entry.name, type: typeOf(entry) }));
  }

  exists(path: string): boolean {
    this.seen.add(path);
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  }

  type(path: string): FileType {
    this.seen.add(path);
    return mended(path, 'file', () => typeOf(lstatSync(path)));
  }

  /** The file that `import` of this path means: `default.nix` of a folder, links followed. */
  importable(path: string): string {
    const real = mended(path, 'file', () => realpathSync(path));
    return statSync(real).isDirectory() ? join(path, 'default.nix') : path;
  }

  /** An absolute path of what stands in a source in this folder. */
  resolve(text: string, directory: string): string {
    return text.startsWith('~/') ? join(homeFolder(), text.slice(2)) : resolve(directory, text);
  }
}

function typeOf(entry: { isFile(): boolean; isDirectory(): boolean; isSymbolicLink(): boolean }): FileType {
  if (entry.isFile()) return 'regular';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'symlink' : 'unknown';
}

function mended<T>(path: string, what: 'file' | 'folder', work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const asked = code === 'ENOENT' ? `there is no ${what} ${path}` : `cannot read the ${what} ${path}`;
    throw new NixError('evaluation', { asked, found: code === 'ENOENT' ? undefined : message, cause: error });
  }
}
