import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findProject } from '../composition/project.js';
import { deploymentName } from '../deployment/manager.js';
import { withJobs } from '../jobs/board.js';
import type { Command } from './command.js';

export const clean: Command = {
  name: 'clean',
  summary: 'remove leftovers of dead runs, and builds and artifacts of this project',
  configure(program) {
    program.addHelpText(
      'after',
      '\nRunning deployments are left alone, and so are the builds of a project that runs.',
    );
  },
  async run(_args, _options, { workspace, display, signal, manager }) {
    const { directory } = findProject(workspace.cwd);
    const removed: string[] = [];
    let running = 0;
    await withJobs(display, signal, async jobs => {
      for (const deployment of await manager.list(directory)) {
        if ((await deployment.status()).some(({ state }) => state !== 'gone')) running++;
        else {
          await manager.stop(deployment, jobs);
          removed.push(`the record of ${deploymentName(deployment)}`);
        }
      }
      for (const leftover of await manager.leftovers()) {
        await leftover.remove();
        removed.push(leftover.what);
      }
    });
    if (running === 0) {
      for (const folder of ['build', 'artifact']) {
        const path = join(directory, folder);
        await rm(path, { recursive: true, force: true });
        removed.push(path);
      }
    }
    display.write(removed.map(what => `removed  ${what}\n`).join(''));
    if (running > 0) display.write(`kept     builds: ${running} deployments of this project are running\n`);
    return 0;
  },
};
