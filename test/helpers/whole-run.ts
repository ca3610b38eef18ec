/**
 * Whatever becomes of a test (it may time out, its worker may die), nothing that this run of the tests started outlives
 * it. Its deployments live below a root of its own, which is also the mark of its processes: other runs on this machine
 * have theirs. What is still there at the end is ended, told, and makes the run fail.
 */
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { killAll } from '../../src/flavours/local/processes.js';
import { RunFolder } from '../../src/flavours/local/run-folder.js';
import { identify, isAlive, readAllStats } from '../../src/process/proc.js';

const VARIABLE = 'NXC_RUNTIME_ROOT';
const PARENT = '/tmp';
/** Milliseconds for processes that end by themselves: one may be loading a compiler, on a machine with other work. */
const GRACE = 30_000;

export default async function setup(): Promise<() => Promise<void>> {
  for (const root of rootsOfDeadRuns()) await endAllOf(root);
  const { pid, start } = identify(process.pid)!;
  const root = join(PARENT, `nxc-vitest-${pid}-${start}`);
  mkdirSync(root);
  // Some tests become another user, who has deployments too.
  chmodSync(root, 0o1777);
  process.env[VARIABLE] = root;
  return async () => {
    const left = await endAllOf(root);
    if (left.length === 0) return;
    console.error(
      `\nThe tests left behind, and it was ended now:\n${left.map(what => `  ${what}\n`).join('')}`,
    );
    process.exitCode = 1;
  };
}

/** Of runs that were killed or interrupted: vitest then exits at once. */
function rootsOfDeadRuns(): string[] {
  return readdirSync(PARENT).flatMap(name => {
    const [, pid, start] = /^nxc-vitest-(\d+)-(\d+)$/.exec(name) ?? [];
    if (pid === undefined || isAlive({ pid: Number(pid), start: Number(start) })) return [];
    const root = join(PARENT, name);
    return statSync(root, { throwIfNoEntry: false })?.uid === process.getuid!() ? [root] : [];
  });
}

/** Ends and removes everything of a root; tells what there was. */
async function endAllOf(root: string): Promise<string[]> {
  const left: string[] = [];
  // Kernels and commands first: they could go on starting deployments.
  for (const pid of await lastingProcesses(root)) {
    left.push(`process ${pid}: ${commandLine(pid)}`);
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended meanwhile.
    }
  }
  for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    const [, run] = /(?:^|\/)nxc-\d+(?:-\w{6})?\/([\da-f]{8})$/.exec(path) ?? [];
    if (run === undefined) continue;
    left.push(`deployment ${join(root, path)}`);
    await killAll(new RunFolder(run));
  }
  rmSync(root, { recursive: true, force: true });
  return left;
}

/** Children of a kernel that was killed find that out by themselves. */
async function lastingProcesses(root: string): Promise<number[]> {
  const limit = Date.now() + GRACE;
  for (;;) {
    const found = readAllStats()
      .filter(({ pid, parent }) => pid !== process.pid && parent !== process.pid)
      .map(({ pid }) => pid)
      .filter(pid => environment(pid).includes(`${VARIABLE}=${root}`));
    if (found.length === 0 || Date.now() > limit) return found;
    await sleep(50);
  }
}

const environment = (pid: number): string[] => wordsOf(pid, 'environ');
const commandLine = (pid: number): string => wordsOf(pid, 'cmdline').join(' ');

function wordsOf(pid: number, file: 'environ' | 'cmdline'): string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}
