import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Leftover } from '../flavour.js';
import { killAll } from './processes.js';
import { RunFolder } from './run-folder.js';

/** Deployments of this user that have a runtime folder, running or not. */
export async function leftovers(): Promise<Leftover[]> {
  return RunFolder.runs().map(run => {
    const folder = new RunFolder(run);
    return {
      flavour: 'local',
      run,
      what: `runtime folder ${folder.path} and what runs of it`,
      ...projectOf(folder),
      remove: async () => {
        await killAll(folder);
        folder.remove();
      },
    };
  });
}

function projectOf(folder: RunFolder): { project?: string } {
  try {
    return {
      project: (JSON.parse(readFileSync(join(folder.path, 'run.json'), 'utf8')) as { project: string })
        .project,
    };
  } catch {
    return {};
  }
}
