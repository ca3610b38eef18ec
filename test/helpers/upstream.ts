/** Upstream's own tool, `nxc` of PyPI's nixos-compose, in .venv-upstream (test/acceptance/requirements.txt). */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { quote } from '../../src/process/quote.js';
import type { Ran } from './executable.js';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const TOOL = fromRoot('.venv-upstream/bin/nxc');

export const upstreamInstalled = existsSync(TOOL);
export const withoutUpstream = upstreamInstalled
  ? ''
  : ' (skipped: no .venv-upstream, see test/acceptance/requirements.txt)';

/** It calls `docker compose`, also where there is only docker-compose. */
const environment = {
  ...process.env,
  PYTHONWARNINGS: 'ignore',
  ...(spawnSync('docker', ['compose', 'version']).status === 0
    ? {}
    : { DOCKER_CONFIG: fromRoot('test/helpers/compose-plugin') }),
};

/** Runs it in a project until it and what it left running in the background have ended. */
export const upstream = (project: string, ...words: string[]): Promise<Ran> =>
  run([TOOL, ...words], { cwd: project });

/** Runs it at a terminal, where this is typed. */
export const typedToUpstream = (project: string, words: readonly string[], typed: string): Promise<Ran> => {
  const command = [TOOL, ...words].map(quote).join(' ');
  const argv = ['script', '--quiet', '--return', '--echo', 'never', '--command', command, '/dev/null'];
  return run(argv, { cwd: project, typed });
};

async function run(
  [program, ...args]: readonly string[],
  { cwd, typed = '' }: { cwd: string; typed?: string },
): Promise<Ran> {
  const child = spawn(program!, args, { cwd, env: environment, stdio: 'pipe' });
  child.stdin.end(typed);
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { status, stdout: plain(stdout), stderr: plain(stderr) };
}

const plain = (output: string): string => stripVTControlCharacters(output).replaceAll('\r', '');
