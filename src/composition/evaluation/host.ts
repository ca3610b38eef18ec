import { SHARE_ENV, Worker } from 'node:worker_threads';
import { assetPath } from '../../assets.js';
import type { Answer, HostQuestion } from './messages.js';

// The process of its own that evaluations run in: it passes questions on to the thread that evaluates (worker.ts), and answers back.
// Nothing else is in it, so that it may run out of memory or be killed at any moment.

/** So much that the evaluator's own limit of calls inside each other is met first. Only a thread can be given it. */
const STACK_MEGABYTES = 64;

const answer = (message: Answer): boolean => process.send!(message);

const worker = new Worker(assetPath('dist/src/composition/evaluation/worker.cjs'), {
  env: SHARE_ENV,
  execArgv: [],
  resourceLimits: { stackSizeMb: STACK_MEGABYTES, maxOldGenerationSizeMb: Number(process.argv[2]) },
});
worker.on('message', answer);
worker.on('error', error => {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_OUT_OF_MEMORY') throw error;
  process.send!({ exhausted: true } satisfies Answer, () => process.exit());
});

process.on('message', ({ env, question }: HostQuestion) => {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  worker.postMessage(question);
});
process.on('disconnect', () => process.exit());
// A terminal sends Ctrl-C to all; the front decides what ends.
process.on('SIGINT', () => {});
