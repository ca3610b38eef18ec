import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removeStaleDrafts } from '../atomic-write.js';
import { projectHere } from '../composition/project.js';
import { removeStaleClaims } from '../deployment/claim.js';
import { deploymentName } from '../deployment/deployment.js';
import { recordFolder } from '../deployment/record-store.js';
import { removeStrayMeasures } from '../deployment/stray-measuring.js';
import { withJobs } from '../jobs/board.js';
import type { JobContext } from '../jobs/job.js';
import { writeError } from '../write-error.js';
import type { Command, CommandContext } from './command.js';

interface CleanOptions {
  force?: boolean;
}

/** What became of everything that was looked at. */
interface Outcome {
  removed: string[];
  kept: string[];
  /** Something of the project runs, or may: its builds must stay. */
  inUse: boolean;
}

export const clean: Command<CleanOptions> = {
  name: 'clean',
  summary: 'remove leftovers of dead runs on this machine, and builds and artifacts of this project',
  examples: ['clean', 'clean --force'],
  configure(program) {
    program
      .option('--force', 'also records that cannot be used, and runs that are alive but that no record knows')
      .addHelpText(
        'after',
        '\nRunning deployments are left alone, and so are the builds of a project that runs. Outside of any project it removes what is dead of every one.',
      );
  },
  async run(_args, { force = false }, context) {
    const directory = projectHere(context.workspace.cwd)?.directory;
    const outcome: Outcome = { removed: [], kept: [], inUse: false };
    await withJobs(context.display, context.signal, async jobs => {
      await cleanDeployments(directory, outcome, context, jobs);
      await cleanRecords(directory, force, outcome, context);
      await cleanLeftovers(directory, force, outcome, context);
    });
    if (directory !== undefined) await cleanBuilds(directory, outcome);
    if (outcome.removed.length + outcome.kept.length === 0)
      context.display.write(
        directory === undefined ? 'nothing is left behind on this machine\n' : 'nothing to remove\n',
      );
    context.display.write(outcome.removed.map(what => `removed  ${what}\n`).join(''));
    context.display.write(outcome.kept.map(what => `kept     ${what}\n`).join(''));
    return 0;
  },
};

async function cleanDeployments(
  directory: string | undefined,
  outcome: Outcome,
  { manager }: CommandContext,
  jobs: JobContext,
): Promise<void> {
  for (const deployment of await manager.list(directory)) {
    if ((await deployment.status()).some(({ state }) => state !== 'gone')) outcome.inUse = true;
    else {
      await manager.stop(deployment, jobs);
      outcome.removed.push(`the record of ${deploymentName(deployment)}`);
    }
  }
}

async function cleanRecords(
  directory: string | undefined,
  force: boolean,
  outcome: Outcome,
  { manager }: CommandContext,
): Promise<void> {
  for (const { file, error, copied } of await manager.unusable(directory)) {
    if (copied || force) {
      await rm(file, { force: true });
      outcome.removed.push(file);
    } else {
      outcome.inUse = true;
      outcome.kept.push(error.message);
    }
  }
  if (directory === undefined) return;
  const deploy = recordFolder(directory);
  outcome.removed.push(...(await removeStaleClaims(deploy)), ...(await removeStrayMeasures(directory)));
  for (const folder of [directory, deploy]) outcome.removed.push(...(await removeStaleDrafts(folder)));
}

async function cleanBuilds(directory: string, outcome: Outcome): Promise<void> {
  if (outcome.inUse) {
    outcome.kept.push('builds: something of this project runs, or may');
    return;
  }
  for (const folder of ['build', 'artifact']) {
    const path = join(directory, folder);
    if (!(await lstat(path).catch(() => undefined))) continue;
    await rm(path, { recursive: true, force: true }).catch(error => {
      throw writeError(`cannot remove ${path}`, error);
    });
    outcome.removed.push(path);
  }
}

/** Without a record, so that `nxc stop` cannot find them: of a project that is gone, or whose record is broken. */
async function cleanLeftovers(
  directory: string | undefined,
  force: boolean,
  outcome: Outcome,
  { manager }: CommandContext,
): Promise<void> {
  for (const leftover of await manager.leftovers()) {
    if (leftover.running && !force) {
      outcome.inUse ||= directory !== undefined && leftover.project === directory;
      const of = leftover.project === undefined ? '' : ` (project ${leftover.project})`;
      outcome.kept.push(`${leftover.what}${of}: it is running; \`nxc clean --force\` ends it`);
    } else {
      await leftover.remove();
      outcome.removed.push(leftover.what);
    }
  }
}
