import { findProject } from '../composition/project.js';
import { type Deployment, deploymentName } from '../deployment/deployment.js';
import { asJob } from '../jobs/as-job.js';
import { withJobs } from '../jobs/board.js';
import { nearest } from '../suggest.js';
import type { Command, CommandContext } from './command.js';
import { targetNames } from './complete-targets.js';
import { switchNodes } from './single-nodes.js';
import { warnOfUnusable } from './unusable.js';
import { UsageError } from './usage-error.js';

interface StopOptions {
  all?: boolean;
  flavour?: string;
  deployment?: string;
  run?: string;
}

export const stop: Command<StopOptions> = {
  name: 'stop',
  summary: 'stop the nodes and wait until they are gone; or shut single nodes down',
  examples: ['stop', 'stop -f local', 'stop --run 3f9a01c2', 'stop --all', 'stop server'],
  configure(program) {
    program
      .argument(
        '[nodes...]',
        'only shut these nodes down, in order; the deployment goes on, `nxc start NODE` boots them again',
      )
      .option('-f, --flavour <flavour>', 'only the deployment of this flavour')
      .option('-d, --deployment <composition::flavour>', 'only this deployment')
      .option(
        '--run <id>',
        'only this run, wherever its project is or was (`nxc status --all` shows the ids)',
      )
      .option('-a, --all', 'every deployment of yours on this machine');
  },
  complete: ({ option, context, word }) => (option === undefined ? targetNames(context, word) : []),
  async run(targets, options, context) {
    if (targets.length > 0) {
      await switchNodes('stop', targets, options, context);
      return 0;
    }
    if (options.run !== undefined) {
      await stopRun(options.run, context);
      return 0;
    }
    const deployments = await chosen(options, context);
    // Of one project only when nothing else was meant: its good records are to be stopped all the same.
    const unusable =
      options.all || deployments.length === 0
        ? await warnOfUnusable(
            context,
            options.all ? undefined : findProject(context.workspace.cwd).directory,
          )
        : 0;
    // Of projects that are gone, or whose records are.
    const leftovers = options.all ? (await context.manager.leftovers()).filter(({ running }) => running) : [];
    if (deployments.length + leftovers.length === 0) {
      if (unusable > 0) return 1;
      context.display.write('nothing is running\n');
      return 0;
    }
    await withJobs(context.display, context.signal, async jobs => {
      for (const deployment of deployments) await context.manager.stop(deployment, jobs);
      for (const leftover of leftovers) {
        await asJob(`stop run ${leftover.run}, which no record knows`, jobs, async job => {
          await leftover.remove();
          job.finish(leftover.project);
        });
      }
    });
    await tellOfOthers(deployments, context);
    return unusable > 0 ? 1 : 0;
  },
};

/** What goes on in the projects of what was stopped: the user may have meant it, too. */
async function tellOfOthers(
  stopped: readonly Deployment[],
  { manager, display }: CommandContext,
): Promise<void> {
  const projects = new Set(stopped.map(({ record }) => record['x-nxc'].project));
  const others = (await Promise.all([...projects].map(project => manager.list(project)))).flat();
  for (const name of others.map(deploymentName))
    display.write(`${name} goes on: \`nxc stop -d ${name}\` stops it\n`);
}

/** Also one that no record knows: of a project whose folder was deleted. */
async function stopRun(run: string, { manager, display, signal }: CommandContext): Promise<void> {
  const deployments = await manager.list();
  const deployment = deployments.find(({ record }) => record['x-nxc'].run === run);
  if (deployment) return withJobs(display, signal, jobs => manager.stop(deployment, jobs));
  const leftovers = await manager.leftovers();
  const found = leftovers.filter(leftover => leftover.run === run);
  for (const leftover of found) {
    await leftover.remove();
    display.write(`removed ${leftover.what}\n`);
  }
  if (found.length > 0) return;
  const runs = [...deployments.map(({ record }) => record['x-nxc'].run), ...leftovers.map(one => one.run)];
  throw new UsageError({
    asked: `there is no run "${run}" on this machine`,
    nearest: nearest(run, runs),
    found: runs.length > 0 ? `runs are ${runs.slice(0, 20).join(', ')}` : 'nothing of yours is running',
    todo: 'see them with `nxc status --all`',
  });
}

async function chosen(options: StopOptions, { workspace, manager }: CommandContext): Promise<Deployment[]> {
  if (options.all) return manager.list();
  const current = await manager.current(workspace.cwd);
  if (options.flavour === undefined && options.deployment === undefined) {
    if (current) return [current];
    // What has died still has a record, and stopping removes what is left of it.
    return manager.list(findProject(workspace.cwd).directory);
  }
  const project = current?.record['x-nxc'].project ?? findProject(workspace.cwd).directory;
  const all = await manager.list(project);
  const found = all.filter(
    one =>
      (options.flavour ?? one.flavour.name) === one.flavour.name &&
      (options.deployment ?? deploymentName(one)) === deploymentName(one),
  );
  if (found.length > 0) return found;
  const asked = options.deployment ?? options.flavour!;
  const names = all.map(options.deployment === undefined ? one => one.flavour.name : deploymentName);
  throw new UsageError({
    asked: `no deployment "${asked}" is running`,
    nearest: nearest(asked, names),
    found: names.length ? `running: ${names.join(', ')}` : 'nothing is running',
  });
}
