import type { Leftover } from '../flavour.js';
import { killAll, processesOf } from './processes.js';
import { RunFolder } from './run-folder.js';

/** Deployments of this user that have a runtime folder, running or not. */
export async function leftovers(): Promise<Leftover[]> {
  return RunFolder.runs().map(run => {
    const folder = new RunFolder(run);
    return {
      flavour: 'local',
      run,
      what: `runtime folder ${folder.path} and what runs of it`,
      ...(folder.project === undefined ? {} : { project: folder.project }),
      // Asked only of few: it reads every process's environment.
      get running() {
        return processesOf(folder).length > 0;
      },
      moveTo: async project => folder.belongTo(project),
      remove: async () => {
        await killAll(folder);
        folder.remove();
      },
    };
  });
}
