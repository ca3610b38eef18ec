import type { JobContext } from '../../jobs/job.js';
import type { RunFolder } from './run-folder.js';

export async function warnOfDeadUnits(
  _folder: RunFolder,
  _nodes: readonly unknown[],
  _jobs: JobContext,
): Promise<void> {}
export function failedUnits(_runtime: string): string[] {
  return [];
}
