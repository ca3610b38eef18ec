import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join } from 'node:path';
import { isObject } from '../is-object.js';
import { readRegularText } from '../read-regular.js';
import { ProjectError } from './errors.js';
import type { Project } from './types.js';

const SETTINGS = 'nxc.json';

/** Files that show that a folder without nxc.json is a project all the same. */
const SOURCES = ['composition.nix', 'compositions.nix', 'flake.nix'];

/**
 * The project that a command in `cwd` (which `-d` sets) means, as upstream's cli.py finds it: the folder of ./nxc.json, through
 * the link that `init` makes; else ./nxc; else `cwd` itself when it holds a composition.
 */
export function findProject(cwd: string): Project {
  const project = projectHere(cwd);
  if (project) return project;
  throw noProject(cwd);
}

/** As `findProject`, for what is of use outside of any project, too. */
export function projectHere(cwd: string): Project | undefined {
  const settings = join(cwd, SETTINGS);
  const target = realPath(settings);
  if (target) return openProject(dirname(target));
  const folder = join(cwd, 'nxc');
  if (isFolder(folder)) return openProject(folder);
  return SOURCES.some(name => exists(join(cwd, name))) ? openProject(cwd) : undefined;
}

/** Reads the settings of a project whose folder is known. */
export function openProject(directory: string): Project {
  return { directory, settings: readSettings(join(directory, SETTINGS)) };
}

/**
 * Absolute path of the composition file: the one asked for, else nxc.json's, else composition.nix. Where that one is not there, the one
 * that flake.nix names, as the flake decides upstream, else one with a usual name.
 */
export function compositionFile(project: Project, asked?: string): string {
  const { directory } = project;
  const named = asked ?? (project.settings.composition as string | undefined) ?? 'composition.nix';
  const file = isAbsolute(named) ? named : join(directory, named);
  if (asked !== undefined || exists(file)) return file;
  const others = [...namedByFlake(directory), ...USUAL].map(name => join(directory, name));
  return others.find(exists) ?? file;
}

/** That another file is the composition than nxc.json says; undefined where there is nothing to say. */
export function compositionNote(project: Project, file: string): string | undefined {
  const named = project.settings.composition;
  if (typeof named !== 'string' || exists(join(project.directory, named))) return undefined;
  if (!USUAL.concat(namedByFlake(project.directory)).includes(basename(file))) return undefined;
  return `nxc.json names ${named}, which is not there: ${basename(file)} is the composition`;
}

const USUAL = ['composition.nix', 'compositions.nix'];

/** `composition = ./x.nix;` and `compositions = ./x.nix;` of the project's flake. */
function namedByFlake(directory: string): string[] {
  const flake = join(directory, 'flake.nix');
  if (!exists(flake)) return [];
  const text = readRegularText(flake).replaceAll(/#.*$/gm, '');
  return [...text.matchAll(/\bcompositions?\s*=\s*\.\/([\w.-]+\.nix)\s*;/g)].map(match => match[1]!);
}

/** The first half of a build's name: the file's name without its ending, as upstream's links have it. */
export function compositionName(file: string): string {
  return basename(file, extname(file));
}

function readSettings(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readRegularText(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new ProjectError({ asked: `cannot read ${file}`, found: (error as Error).message, cause: error });
  }
  const settings = parse(text, file);
  if (!isObject(settings)) {
    throw new ProjectError({
      asked: `${file} is not a JSON object`,
      todo: 'write {"composition": "composition.nix"} or the like',
    });
  }
  for (const key of ['composition', 'default_flavour', 'platform']) {
    const value = settings[key];
    if (value === undefined || typeof value === 'string' || (value === null && key !== 'composition'))
      continue;
    throw new ProjectError({ asked: `"${key}" in ${file} is not a string`, found: JSON.stringify(value) });
  }
  return settings;
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProjectError({
      asked: `${file} is not valid JSON`,
      found: (error as Error).message,
      todo: 'fix the file',
      cause: error,
    });
  }
}

function noProject(cwd: string): ProjectError {
  if (!isFolder(cwd))
    return new ProjectError({
      asked: `there is no folder ${cwd}`,
      todo: 'go to one that exists, or name it with -d',
    });
  let above = dirname(cwd);
  while (above !== dirname(above) && !exists(join(above, SETTINGS))) above = dirname(above);
  const outer = exists(join(above, SETTINGS)) ? above : undefined;
  return new ProjectError({
    asked: `there is no project in ${cwd}`,
    found: outer ? `a project in ${outer}` : 'neither nxc.json, nor a folder nxc, nor a composition.nix',
    todo: outer ? `%cd ${outer} (or -d ${outer})` : 'make one with `nxc init`, or name its folder with -d',
  });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ProjectError({ asked: `cannot follow ${path}`, found: (error as Error).message, cause: error });
  }
}
