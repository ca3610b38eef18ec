import { execFile } from 'node:child_process';
import { existsSync, lstatSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { quote } from '../process/quote.js';
import { ProjectError } from './errors.js';

/** Folders of a project that builds and deployments fill; no source is in them. */
const GENERATED = ['build', 'deploy', 'artifact', '.git'];

/**
 * The top of the git repository that a project lies in, found as Nix finds it; undefined outside of one, where Nix reads
 * the project's folder whole.
 */
export function repositoryOf(directory: string): string | undefined {
  for (let folder = directory; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** The command that makes git, and by that Nix, know these files. */
export const gitAdd = (directory: string, files: readonly string[]): string =>
  ['git', '-C', directory, 'add', '--', ...files.map(file => relative(directory, file))].map(quote).join(' ');

/** Of these files (absolute paths) those that exist and that git does not track, so that Nix will not see them. */
export async function untracked(directory: string, files: readonly string[]): Promise<string[]> {
  const root = repositoryOf(directory);
  const present = files.filter(file => existsSync(file));
  if (!root || present.length === 0) return [];
  const state = indexState(root);
  if (state !== undefined && seenTracked.get(present.join('\0')) === state) return [];
  const tracked = await listTracked(root, present);
  const missing = tracked ? present.filter(file => !tracked.has(file)) : [];
  if (missing.length === 0 && state !== undefined) seenTracked.set(present.join('\0'), state);
  return missing;
}

/** Files that git tracked all → what its index was like then: asking git costs as much as a tenth of a build with nothing to do. */
const seenTracked = new Map<string, string>();

/** Undefined where the index lies elsewhere, as in a linked work tree. */
function indexState(root: string): string | undefined {
  const index = lstatSync(join(root, '.git/index'), { throwIfNoEntry: false });
  return index && `${index.mtimeMs}:${index.size}:${index.ino}`;
}

/** An error for sources of a build that git does not track, with the command that mends it. */
export function untrackedError(directory: string, files: readonly string[]): ProjectError {
  const names = files.map(file => relative(directory, file)).join(', ');
  const [are, them] = files.length === 1 ? ['is', 'it'] : ['are', 'them'];
  return new ProjectError({
    asked: `${names} ${are} not tracked by git, so Nix does not see ${them}`,
    found: `a git repository in ${repositoryOf(directory)}`,
    todo: gitAdd(directory, files),
  });
}

/** Everything that Nix reads of a project, as absolute paths: what git tracks, or every file where there is no git. */
export async function sourceFiles(directory: string): Promise<{ root: string; files: string[] }> {
  const root = repositoryOf(directory);
  const tracked = root && (await listTracked(root, ['.']));
  if (tracked) return { root, files: [...tracked].filter(isFile) };
  const names = (await readdir(directory)).filter(name => !GENERATED.includes(name));
  const files = await Promise.all(names.map(name => filesBelow(join(directory, name))));
  return { root: directory, files: files.flat() };
}

/** What git says; it takes no locks, and paths as they stand. */
export async function git(folder: string, ...words: string[]): Promise<string> {
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_LITERAL_PATHSPECS: '1' };
  return (await promisify(execFile)('git', ['-C', folder, ...words], { env, maxBuffer: 2 ** 30 })).stdout;
}

/** Undefined where git cannot tell; Nix then says itself what is wrong. */
async function listTracked(root: string, paths: readonly string[]): Promise<Set<string> | undefined> {
  const listed = await git(root, 'ls-files', '-z', '--', ...paths).catch(() => undefined);
  if (listed === undefined) return undefined;
  return new Set(
    listed
      .split('\0')
      .filter(Boolean)
      .map(file => join(root, file)),
  );
}

async function filesBelow(path: string): Promise<string[]> {
  if (isFile(path)) return [path];
  if (!lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) return [];
  const names = await readdir(path);
  return (await Promise.all(names.map(name => filesBelow(join(path, name))))).flat();
}

function isFile(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat !== undefined && (stat.isFile() || stat.isSymbolicLink());
}
