/**
 * The program `nix`: find.ts finds it, run.ts runs it, internal-json.ts, activities.ts and progress.ts read its log as it comes and show
 * it as a job. This folder knows flakes and derivations, not what a composition is; the language itself is evaluated in src/nix.
 */
import { InterruptedError } from '../errors.js';
import { runGroup } from '../process/group.js';
import { findNix } from './find.js';

/** Milliseconds that Nix has to end its builders and the daemon's before it is killed. */
const GRACE = 5000;

/** So that it works where they are not in the user's nix.conf. */
export const FEATURES = ['--extra-experimental-features', 'nix-command flakes'] as const;

export interface NixOptions {
  /** Folder that relative flake references are meant from. */
  cwd: string;
  signal: AbortSignal;
  /** Takes each line of standard error, without its end, as it comes. */
  onLine?(line: string): void;
}

export interface NixResult {
  status: number;
  stdout: string;
}

/** Runs `nix` to its end, whatever its exit status is. InterruptedError when the signal was aborted. */
export async function runNix(
  args: readonly string[],
  { cwd, signal, onLine }: NixOptions,
): Promise<NixResult> {
  if (signal.aborted) throw new InterruptedError('the build was interrupted');
  let stdout = '';
  let rest = '';
  const { status } = await runGroup([findNix(), ...FEATURES, ...args], {
    cwd,
    signal,
    grace: GRACE,
    onStdout: text => {
      stdout += text;
    },
    onStderr: text => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const line of lines) onLine?.(line);
    },
  });
  if (rest) onLine?.(rest);
  if (signal.aborted) throw new InterruptedError('the build was interrupted');
  return { status, stdout };
}
