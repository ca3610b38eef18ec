import { formatBuildName } from '../composition/build-link.js';
import type { Build, Node } from '../composition/types.js';
import {
  type Deployment,
  type DeploymentManager,
  deploymentName,
  type StartOptions,
} from '../deployment/deployment.js';
import { defects, differences, isOfUnknownBuild } from '../deployment/differences.js';
import { DeploymentError, PlaceTaken } from '../deployment/errors.js';
import { nodesOfStart } from '../deployment/nodes-of-start.js';
import { undoFaults } from '../faults/undo.js';
import type { JobContext } from '../jobs/job.js';
import { pause, settled } from './settled.js';
import { whose } from './whose.js';

export interface Choice {
  /** What runs is used as it is, whatever it is. */
  keep?: boolean;
  /** What runs is replaced, whatever it is. */
  restart?: boolean;
  /** Nodes with units that failed are as good as new ones. */
  failedUnits?: boolean;
}

/** Others may start at the same time, and then stop again, and again. */
const ATTEMPTS = 20;

/**
 * Uses what runs already when it is the same that would be started, replaces it when it is not, and `say`s which; the choice of the
 * user comes first. Of two at the same time the second one uses what the first one starts.
 */
export async function startOrUse(
  { build, choice, ...options }: StartOptions & { build: Build; choice: Choice },
  manager: DeploymentManager,
  jobs: JobContext,
  say: (text: string) => void,
): Promise<Deployment> {
  // What cannot be started stops nothing that runs.
  const nodes = await nodesOfStart(build, options.distribution);
  let { restart = false } = choice;
  for (let attempt = 1; ; attempt++) {
    const name = formatBuildName(build);
    const there = await settled(
      async () => (await manager.list(options.directory)).find(one => deploymentName(one) === name),
      jobs,
    );
    if (there && (await there.isRunning())) {
      const why = restart ? ['asked to'] : await reasons(there, { ...options, build, nodes }, choice);
      if (!restart && (choice.keep || why.length === 0))
        return use(there, why, options, choice, { manager, jobs, say });
      say(
        `${deploymentName(there)} runs already and is restarted: ${why.join('; ')}\nwhat ran: ${whose(there)}\n`,
      );
      await manager.stop(there, jobs);
      restart = false;
    } else if (there?.brokeOff === false && !there.stopping) {
      say(`${deploymentName(there)} has died, all of its nodes are gone: it is started again\n`);
    }
    try {
      return await manager.start(build, options, jobs);
    } catch (error) {
      if (!(error instanceof PlaceTaken) || attempt === ATTEMPTS) throw error;
      await pause(jobs.signal);
    }
  }
}

/** Why what runs is not what would be started. */
async function reasons(
  there: Deployment,
  { build, nodes, parameters }: StartOptions & { build: Build; nodes: readonly Node[] },
  { keep, failedUnits = false }: Choice,
): Promise<string[]> {
  if (isOfUnknownBuild(there)) {
    if (keep) return ["upstream's tool started it, of which build is not known"];
    throw new DeploymentError({
      asked: `${deploymentName(there)} is running already`,
      found: "upstream's tool started it, and does not record of which build it is",
      todo: 'use it as it is with `nxc start --keep`, or replace it with `nxc start --restart`',
    });
  }
  const wanted = { build, nodes, ...(parameters === undefined ? {} : { parameters }) };
  return [...differences(there, wanted), ...defects(await there.status(), { units: !failedUnits })];
}

async function use(
  there: Deployment,
  why: readonly string[],
  options: StartOptions,
  { keep }: Choice,
  { manager, jobs, say }: { manager: DeploymentManager; jobs: JobContext; say: (text: string) => void },
): Promise<Deployment> {
  const deployment = await manager.use(there, options);
  const name = deploymentName(deployment);
  if (why.length > 0) say(`${name} runs already and is kept, although ${why.join('; ')}\n`);
  else say(`${name} runs already, from the same build, and is used as it is: ${whose(deployment)}\n`);
  if (keep) return deployment;
  const undone = await undoFaults(deployment, await deployment.status(), jobs.signal);
  if (undone.length > 0) say(`faults of before are undone: ${undone.join('; ')}\n`);
  return deployment;
}
