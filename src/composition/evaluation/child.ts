/**
 * Evaluation of Nix code in a process of its own: the front stays awake meanwhile, an interrupt takes effect at once, wherever the
 * code loops, and what the code fills is not the front's memory. child.ts is the front's side, host.ts the process, worker.ts the
 * thread in it that evaluates.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { on } from 'node:events';
import { totalmem } from 'node:os';
import { assetPath } from '../../assets.js';
import { InterruptedError, NxcError } from '../../errors.js';
import { anyOf } from '../../shared-signal.js';
import { CompositionError } from '../errors.js';
import { unpackError } from './errors.js';
import type { Answer, EvaluationName, Evaluations, HostQuestion, Question } from './messages.js';

/** Far more than compositions need; on a small machine, half of what there is. */
const MEGABYTES = Math.min(1024, Math.floor(totalmem() / 2 ** 21));

/** An evaluation has limits of its own; this one holds where a single step of it takes long. */
const LONGEST_MS = 120_000;

interface Options {
  /** When it is aborted, the evaluation ends with InterruptedError. */
  signal: AbortSignal;
  /** Takes the lines of `builtins.trace` as they come. */
  trace?(line: string): void;
}

let host: ChildProcess | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * Evaluates, one request after the other, and throws what the evaluation throws. The process starts with the first request and
 * stays, because it knows what it has seen; it keeps no process alive, and ends with this one.
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
  host ??= started();
  const child = host;
  keep(child, true);
  const late = AbortSignal.timeout(LONGEST_MS);
  const answers = on(child, 'message', { signal: anyOf(signal, late), close: ['exit'] });
  // What the user sets in the environment counts from then on.
  child.send({ env: { ...process.env }, question } satisfies HostQuestion, () => {});
  let answered = false;
  try {
    for await (const [answer] of answers as AsyncIterable<[Answer]>) {
      if ('trace' in answer) {
        trace?.(answer.trace);
        continue;
      }
      if ('exhausted' in answer) throw outOfMemory();
      answered = true;
      if ('error' in answer) throw unpackError(answer.error);
      return answer.result;
    }
    throw ended(child);
  } catch (error) {
    if (signal.aborted) throw new InterruptedError('the evaluation was interrupted');
    throw late.aborted ? tookTooLong() : error;
  } finally {
    keep(child, false);
    // Its answer, should there be one, must not be taken for that to the next request.
    if (!answered) {
      host = undefined;
      child.kill('SIGKILL');
    }
  }
}

function started(): ChildProcess {
  // What the user gives his programs is not for this one.
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = fork(assetPath('dist/src/composition/evaluation/host.cjs'), [String(MEGABYTES)], {
    cwd: '/',
    env,
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  // One that ends between two requests is replaced at the next.
  child.once('exit', () => {
    if (host === child) host = undefined;
  });
  child.on('error', () => {});
  return child;
}

/** Whether this process waits for it. */
function keep(child: ChildProcess, wanted: boolean): void {
  const verb = wanted ? 'ref' : 'unref';
  child[verb]();
  child.channel?.[verb]();
}

const tookTooLong = (): CompositionError =>
  new CompositionError({
    asked: `the evaluation took longer than ${LONGEST_MS / 1000} s`,
    todo: 'look for a recursion or loop that never ends',
  });

const outOfMemory = (): CompositionError =>
  new CompositionError({
    asked: `the evaluation needs more than ${MEGABYTES} MB of memory`,
    todo: 'look for a list, set or string that grows without end',
  });

/** V8 breaks off a process with one of these when a single value does not fit, and the kernel kills what fills the machine. */
function ended({ signalCode, exitCode }: ChildProcess): NxcError {
  if (signalCode && ['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGKILL'].includes(signalCode)) return outOfMemory();
  return new NxcError({
    asked: 'the process that evaluates has ended',
    found: signalCode ?? `exit status ${exitCode}`,
  });
}
