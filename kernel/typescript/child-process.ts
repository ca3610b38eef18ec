import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { assetPath } from '../../src/assets.js';
import { PRELOAD } from '../preload.js';
import { channels } from './messages.js';

/** Where and with what the process of TypeScript cells runs. */
export interface ChildPlace {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Module that adds globals to the process of cells. */
  preload?: string;
}

let early: { child: ChildProcess; place: ChildPlace } | undefined;

/**
 * Starts the process of TypeScript cells before anything asks for it. It takes as long to load as the kernel itself, so that
 * the first cell finds it there when both load at the same time.
 */
export function startEarly(): void {
  try {
    const place = { cwd: process.cwd(), env: { ...process.env }, preload: assetPath(PRELOAD) };
    early = { child: start(place), place };
  } catch {
    // The folder is gone, say: the first cell starts it, and reports what is wrong.
  }
}

/** The process that was started early, when it fits and lives, or a new one. */
export function takeChild(place: ChildPlace): ChildProcess {
  const { child } = early ?? {};
  const usable = early && isSame(early.place, place) && child?.exitCode === null && child.signalCode === null;
  early = undefined;
  if (usable) return child!;
  child?.kill('SIGKILL');
  return start(place);
}

function start({ cwd, env, preload }: ChildPlace): ChildProcess {
  const entry = assetPath('dist/kernel/typescript/child/main.cjs');
  const child = spawn(process.execPath, preload ? [entry, preload] : [entry], {
    cwd: existing(cwd),
    env,
    stdio: ['ignore', ...Array(channels.turns).fill('pipe')],
    detached: true,
  });
  // Whoever takes it listens too; an error that nobody hears would end this process.
  child.on('error', () => {});
  return child;
}

function isSame(one: ChildPlace, other: ChildPlace): boolean {
  const names = new Set([...Object.keys(one.env), ...Object.keys(other.env)]);
  return (
    one.cwd === other.cwd &&
    one.preload === other.preload &&
    [...names].every(name => one.env[name] === other.env[name])
  );
}

/** The folder, or the nearest above it that is still there: without one a process cannot be started at all. */
function existing(folder: string): string {
  return existsSync(folder) ? folder : existing(dirname(folder));
}
