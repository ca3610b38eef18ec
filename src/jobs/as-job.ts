import type { Job, JobContext } from './job.js';

/** Does work as one job, which says so when the work fails or is cancelled; that it is done the work says itself. */
export async function asJob<T>(name: string, jobs: JobContext, work: (job: Job) => Promise<T>): Promise<T> {
  const job = jobs.job(name);
  try {
    return await work(job);
  } catch (error) {
    if (jobs.signal.aborted) job.cancel();
    else job.fail((error as Error).message.split('\n')[0]!);
    throw error;
  }
}
