import type { DeploymentRecord } from '../flavours/record.js';
import type { JobContext } from '../jobs/job.js';
import { adopt } from './adopt.js';
import { whileClaimed } from './claim.js';
import { type Deployment, deploymentName } from './deployment.js';
import { CopiedRecord, PlaceTaken } from './errors.js';
import { createRecord, readPlace, replaceRecord } from './record-store.js';
import type { RunningDeployment } from './running.js';
import { mayBeAlive } from './starter.js';

type Open = (record: DeploymentRecord) => Promise<RunningDeployment>;

/** A record that comes and goes more often than that is somebody else's start, again and again. */
const ATTEMPTS = 10;

/**
 * Puts a new record into its place on disk, after what a start that broke off or died left there is gone. Of several
 * at the same time one succeeds. Returns what it replaced.
 */
export async function takePlace(
  record: DeploymentRecord,
  open: Open,
  jobs: JobContext,
): Promise<RunningDeployment | undefined> {
  const { file } = record['x-nxc'];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await createRecord(record)) return undefined;
    const occupant = await readPlace(file);
    if (!occupant) continue;
    const present = 'record' in occupant ? occupant.record : await adopt(file);
    const old = present && (await replaceable(present, open));
    const claimed = await whileClaimed(file, present?.['x-nxc'].run ?? occupant.run, async () => {
      if (old) {
        await old.close();
        await old.flavour.stop(old.record, jobs);
      }
      // A record of upstream's tool of which nothing runs: ours takes its place, as upstream's would.
      await replaceRecord(record);
    });
    if (claimed) return old;
    break;
  }
  throw beingStarted(record);
}

/** What has to go before its record is replaced: nothing when it is a copy. Refuses when it runs. */
async function replaceable(record: DeploymentRecord, open: Open): Promise<RunningDeployment | undefined> {
  let old: RunningDeployment;
  try {
    old = await open(record);
  } catch (error) {
    if (error instanceof CopiedRecord) return undefined;
    throw error;
  }
  const { state, starter } = record['x-nxc'];
  if (state === 'starting' && mayBeAlive(starter)) throw beingStarted(record);
  if (await old.isRunning()) throw alreadyRunning(old);
  return old;
}

function beingStarted(record: DeploymentRecord): PlaceTaken {
  return new PlaceTaken({
    asked: `${deploymentName({ record })} is being started by someone else at this moment`,
    todo: 'wait, then look with `nxc status`',
  });
}

function alreadyRunning(deployment: Deployment): PlaceTaken {
  const { run, started, owner } = deployment.record['x-nxc'];
  return new PlaceTaken({
    asked: `${deploymentName(deployment)} is running already`,
    found: `run ${run} of ${owner}, started ${started}, ${deployment.nodes.length} nodes`,
    todo: 'use it as it is (`nxc status`), stop it with `nxc stop`, or start it again with `nxc start --restart`',
  });
}
