import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Absolute path of the first program of this name in folders, those of PATH when none are given. */
export function findProgram(
  name: string,
  folders: readonly string[] = (process.env.PATH ?? '').split(delimiter).filter(path => path.startsWith('/')),
): string | undefined {
  return folders.map(folder => join(folder, name)).find(isProgram);
}

export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
