import { constants, lstatSync } from 'node:fs';
import { copyFile, mkdtemp, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { makeFolder } from '../make-folder.js';
import { git, sourceFiles } from './repository.js';

/** How Nix, run in a project's folder, is told which flake is meant. */
export interface FlakeReference extends AsyncDisposable {
  /** To put before `#attribute`. */
  reference: string;
}

/** A flake like that of a project, which is only read: copies what Nix reads of it, then puts in the replacements: absolute path in the project → text. */
export async function scratchFlake(
  directory: string,
  replacements: ReadonlyMap<string, string>,
): Promise<FlakeReference> {
  const folder = await mkdtemp(join(tmpdir(), 'nxc-flake-'));
  try {
    const { root, files } = await sourceFiles(directory);
    for (const file of files) {
      if (!replacements.has(file)) await copy(file, join(folder, relative(root, file)));
    }
    for (const [file, text] of replacements) {
      const target = join(folder, relative(root, file));
      makeFolder(dirname(target));
      await writeFile(target, text);
    }
    return {
      reference: await referenceTo(folder, relative(root, directory)),
      [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** The URL of a flake in the folder `inside` of a git repository. */
export function gitFlake(root: string, inside: string): string {
  const url = `git+file://${root.split('/').map(encodeURIComponent).join('/')}`;
  return inside === '' ? url : `${url}?dir=${encodeURIComponent(inside)}`;
}

/** Of the kinds of local flakes only those in git may lie in a folder below their root. */
async function referenceTo(folder: string, inside: string): Promise<string> {
  if (inside === '') return `path:${encodeURI(folder)}`;
  await git(folder, 'init', '--quiet', '--template=');
  // Forced, for what git tracks although .gitignore names it.
  await git(folder, 'add', '--force', '--all');
  return gitFlake(folder, inside);
}

async function copy(file: string, target: string): Promise<void> {
  makeFolder(dirname(target));
  if (lstatSync(file).isSymbolicLink()) await symlink(await readlink(file), target);
  else await copyFile(file, target, constants.COPYFILE_FICLONE);
}
