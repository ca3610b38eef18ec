/**
 * Evaluation of Nix code in a thread of its own: the front stays awake meanwhile, and an interrupt takes effect at once,
 * wherever the code loops. thread.ts is the front's side, worker.ts the other one.
 */
import { on } from 'node:events';
import { totalmem } from 'node:os';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import { assetPath } from '../../assets.js';
import { InterruptedError } from '../../errors.js';
import { CompositionError } from '../errors.js';
import { unpackError } from './errors.js';
import type { Answer, EvaluationName, Evaluations, Question } from './messages.js';

/** So much that the evaluator's own limit of calls inside each other is met first. */
const STACK_MEGABYTES = 64;

/** Far more than compositions need. On a small machine, half of what there is. */
const HEAP_MEGABYTES = Math.min(1024, Math.floor(totalmem() / 2 ** 21));

interface Options {
  /** When it is aborted, the evaluation ends with InterruptedError. */
  signal: AbortSignal;
  /** Takes the lines of `builtins.trace` as they come. */
  trace?(line: string): void;
}

let worker: Worker | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * Evaluates, one request after the other, and throws what the evaluation throws. The thread starts with the first request and
 * stays, because it knows what it has seen; it keeps no process alive.
 */
export function evaluate<Name extends EvaluationName>(
  name: Name,
  request: Evaluations[Name]['request'],
  options: Options,
): Promise<Evaluations[Name]['result']> {
  const turn = last.then(() => ask({ name, request }, options));
  last = turn.catch(() => {});
  return turn as Promise<Evaluations[Name]['result']>;
}

async function ask(question: Question, { signal, trace }: Options): Promise<unknown> {
  if (signal.aborted) throw new InterruptedError('the evaluation was interrupted');
  worker ??= new Worker(assetPath('dist/src/composition/evaluation/worker.cjs'), {
    // What the user sets there counts from then on.
    env: SHARE_ENV,
    execArgv: [],
    resourceLimits: { stackSizeMb: STACK_MEGABYTES, maxOldGenerationSizeMb: HEAP_MEGABYTES },
  });
  const thread = worker;
  thread.ref();
  const answers = on(thread, 'message', { signal, close: ['exit'] });
  thread.postMessage(question);
  let answered = false;
  try {
    for await (const [answer] of answers as AsyncIterable<[Answer]>) {
      if ('trace' in answer) {
        trace?.(answer.trace);
        continue;
      }
      answered = true;
      if ('error' in answer) throw unpackError(answer.error);
      return answer.result;
    }
    throw new Error('the thread that evaluates has ended');
  } catch (error) {
    if (signal.aborted) throw new InterruptedError('the evaluation was interrupted');
    throw (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' ? outOfMemory() : error;
  } finally {
    thread.unref();
    // Its answer, should there be one, must not be taken for that to the next request.
    if (!answered) {
      worker = undefined;
      void thread.terminate();
    }
  }
}

const outOfMemory = (): CompositionError =>
  new CompositionError({
    asked: `the evaluation needs more than ${HEAP_MEGABYTES} MB of memory`,
    todo: 'look for a list, set or string that grows without end',
  });
