/** What tests of the flavour docker need: an engine, Nix, Debian's programs, and projects of test/fixtures/projects. */
import { execFileSync, spawnSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { nxc } from './executable.js';
import { nixInstalled, useNix } from './nix.js';
import { temporaryFolder } from './temporary.js';

const works = (...[program, ...args]: [string, ...string[]]): boolean =>
  spawnSync(program, args).status === 0;

function missingPart(): string | undefined {
  if (!nixInstalled) return 'nix is not installed';
  if (!works('docker', 'info')) return 'no Docker engine answers';
  if (!works('docker-compose', 'version') && !works('docker', 'compose', 'version'))
    return 'no docker-compose';
  // The stand-in for NixOS is made of them.
  if (!works('dpkg-query', '-L', 'systemd', 'netcat-openbsd', 'python3'))
    return 'not a Debian with its systemd';
  return undefined;
}

const missing = missingPart();

export const dockerUsable = missing === undefined;

/** To put behind the name of what needs it: `describe.skipIf(!dockerUsable)(\`starts${withoutDocker}\`, …)`. */
export const withoutDocker = dockerUsable ? '' : ` (skipped: ${missing})`;

/** A copy of test/fixtures/projects/<name>, in git, that Nix can build; what runs of it ends with the test. */
export async function dockerProject(name: string): Promise<string> {
  useNix();
  const folder = await temporaryFolder();
  execFileSync(process.execPath, ['test/fixtures/projects/make.mjs', name, folder], { stdio: 'inherit' });
  onTestFinished(async () => void (await nxc(['stop'], { cwd: folder })));
  return folder;
}

/** Runs `nxc` in a project, where it has to succeed; gives back what it printed. */
export async function ours(project: string, ...words: string[]): Promise<string> {
  const ran = await nxc(words, { cwd: project });
  if (ran.status !== 0) throw new Error(`nxc ${words.join(' ')}: ${ran.stdout}${ran.stderr}`);
  return ran.stdout;
}

/** Runs `docker`, which has to succeed; gives back the lines it printed. */
export function docker(...words: string[]): string[] {
  return execFileSync('docker', words, { encoding: 'utf8' }).split('\n').filter(Boolean);
}
