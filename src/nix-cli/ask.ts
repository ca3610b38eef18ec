import type { Job, JobContext } from '../jobs/job.js';
import { NixProgress } from './progress.js';
import { type NixResult, runNix } from './run.js';

export interface Asked extends NixResult {
  /** What Nix said; of an answer with another status than 0, why. */
  progress: NixProgress;
}

/** Runs `nix` to its end while a job shows what it does. */
export async function askNix(
  words: readonly string[],
  { cwd, job, jobs }: { cwd: string; job: Job; jobs: JobContext },
): Promise<Asked> {
  const progress = new NixProgress(job, message => jobs.warn(message));
  const result = await runNix([...words, '--log-format', 'internal-json', '-v'], {
    cwd,
    signal: jobs.signal,
    onLine: line => progress.take(line),
  });
  return { ...result, progress };
}
