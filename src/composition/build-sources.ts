import { existsSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { readRegularText } from '../read-regular.js';
import { CompositionError, ProjectError, SetupError } from './errors.js';
import { compositionFile } from './project.js';
import { repositoryOf, untracked, untrackedError } from './repository.js';
import type { Setup, SetupChoice } from './setup.js';
import { setupDocument } from './setup-document.js';
import type { Project } from './types.js';

/**
 * What one build has to find in files of the project instead of what they hold: absolute path → text, nothing when the
 * project will do as it is. Throws what Nix would trip over.
 */
export async function buildSources(
  project: Project,
  file: string,
  setup: Setup,
  choice: SetupChoice,
): Promise<Map<string, string>> {
  const { directory } = project;
  const flake = join(directory, 'flake.nix');
  const setupFile = join(directory, 'setup.toml');
  const code = await readFlake(flake);
  const needed = [flake, file, ...(mentions(code, setupFile) ? [setupFile] : [])];
  const missing = await untracked(directory, needed);
  if (missing.length > 0) throw untrackedError(directory, missing);
  const replaced = new Map<string, string>();
  const usual = compositionFile(project);
  if (file !== usual && hasToBePutIn(file, usual, code, flake))
    replaced.set(usual, importOf(file, usual, directory));
  if (!setup.asWritten) {
    if (!mentions(code, setupFile)) throw setupNotRead(flake);
    replaced.set(setupFile, await setupDocument(directory, choice));
  }
  return replaced;
}

/** A flake names its composition file itself: another one has to be found where it looks. */
function hasToBePutIn(file: string, usual: string, code: string, flake: string): boolean {
  if (!existsSync(file)) {
    throw new CompositionError({ asked: `there is no composition file ${file}` });
  }
  if (mentions(code, usual)) return true;
  if (mentions(code, file)) return false;
  throw new CompositionError({
    asked: `${flake} does not build ${file}`,
    found: `neither ${basename(usual)} nor ${basename(file)} in it`,
    todo: `name in nxc.json ("composition") the file that ${basename(flake)} names`,
  });
}

/** Nix code that stands for another file, so that errors and relative paths are those of that file. */
function importOf(file: string, place: string, directory: string): string {
  const root = repositoryOf(directory) ?? directory;
  if (relative(root, file).startsWith('..')) {
    throw new CompositionError({
      asked: `${file} lies outside of the project, where Nix does not read`,
      found: `the project's files are those below ${root}`,
      todo: 'copy it into the project',
    });
  }
  const path = JSON.stringify(`/${relative(dirname(place), file)}`).replaceAll('${', '\\${');
  return `import (./. + ${path})\n`;
}

/** In its code, not in a comment. */
function mentions(code: string, file: string): boolean {
  const name = basename(file).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^[^#\\n]*(?<![\\w.-])${name}(?![\\w.-])`, 'm').test(code);
}

async function readFlake(file: string): Promise<string> {
  try {
    return readRegularText(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new ProjectError({
      asked: `there is no ${file}, which Nix builds from`,
      todo: 'make a project with nxc init, or build for the flavour local, which needs none',
      cause: error,
    });
  }
}

const setupNotRead = (flake: string): SetupError =>
  new SetupError({
    asked: `${flake} does not read setup.toml, so neither variant nor parameters would have an effect`,
    todo: 'give nxc.lib.compose the argument setup = ./setup.toml',
  });
