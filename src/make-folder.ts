import { mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * Makes a folder with the parents that are missing. Not Node's recursive mkdir, which never ends below /proc and calls a read-only
 * disk a missing folder.
 *
 * @param mode of each folder that is made
 */
export function makeFolder(path: string, mode?: number): void {
  const missing: string[] = [];
  for (let at = resolve(path); !isFolder(at) && at !== dirname(at); at = dirname(at)) missing.unshift(at);
  for (const folder of missing) {
    try {
      mkdirSync(folder, { mode });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      // Somebody else may have made it meanwhile; if it is a file, the system's own words are those about a folder below it.
      if (isFolder(folder)) continue;
      if (folder === missing.at(-1)) throw error;
      mkdirSync(join(folder, 'below'), { mode });
    }
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
