import { setTimeout as sleep } from 'node:timers/promises';
import { type Deployment, deploymentName } from '../deployment/deployment.js';
import { InterruptedError } from '../errors.js';
import type { Job, JobContext } from '../jobs/job.js';

/** Milliseconds between two looks at what somebody else does. */
const LOOK = 300;

/** What `find` finds, once nobody is starting it any more, and no kernel that is ending has still to let go of it. */
export async function settled(
  find: () => Promise<Deployment | undefined>,
  jobs: JobContext,
): Promise<Deployment | undefined> {
  let waiting: Job | undefined;
  for (;;) {
    const there = await find();
    if (!there?.starting && !there?.leaving) {
      waiting?.finish();
      return there;
    }
    waiting ??= jobs.job(
      there.starting
        ? `wait for somebody else's start of ${deploymentName(there)}`
        : `wait for the kernel that started ${deploymentName(there)}, and is ending`,
    );
    await pause(jobs.signal);
  }
}

export const pause = (signal: AbortSignal): Promise<void> =>
  sleep(LOOK, undefined, { signal }).catch(() => {
    throw new InterruptedError();
  });
