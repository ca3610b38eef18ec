import { Session } from 'node:inspector';
import { types } from 'node:util';
import { decode, InterruptedError } from '../../../src/client.js';
import type { MimeData } from '../../session/interpreter.js';
import type { Outcome } from '../evaluator.js';
import type { CellText } from '../messages.js';
import type { CellContext } from './cell-context.js';
import { isHandle } from './display.js';
import { loadResolver } from './modules.js';
import { readSafely, represent } from './represent.js';
import { RUNTIME } from './rewrite.js';
import { forgetCell, placeOf, rememberCell } from './stack.js';
import { toCellError } from './traceback.js';
import { loadTools, type Runnable, transform } from './transform.js';

interface RemoteObject {
  type: string;
  value?: unknown;
  unserializableValue?: string;
  objectId?: string;
}

interface EvaluateReply {
  result: RemoteObject;
  exceptionDetails?: {
    lineNumber: number;
    columnNumber: number;
    url?: string;
    exception?: RemoteObject;
    stackTrace?: { callFrames: Array<{ url: string; lineNumber: number; columnNumber: number }> };
  };
}

const GROUP = 'cell';
/** Milliseconds after the beginning of a cell at which it loads what the next one may need. */
const TOOLS_AFTER = 50;
// Taken before interrupts learn to cancel a cell's timers.
const { setTimeout } = globalThis;

const session = new Session();
session.connect();
/** Receives values out of the inspector, which hands out only descriptions of objects. */
const sink = { value: undefined as unknown };
const sinkId = findSink();

/** Runs a cell in the user's scope until it is done or interrupted. */
export function runCell(cell: CellText, context: CellContext): Promise<Outcome> {
  // While nobody waits: other processes have to show this cell's result first.
  setTimeout(loadTools, TOOLS_AFTER).unref();
  return settle(context, async () => {
    if (cell.code.includes('import.meta')) await loadResolver();
    const runnable = transform(cell);
    return evaluate(rememberCell({ ...cell, runnable }), runnable);
  });
}

/** From where code takes the value that a variable of the user's is set to. */
export const binding = { value: undefined as unknown };

/** Sets a variable of the user's scope to an encoded value. */
export async function runBinding(name: string, value: string, context: CellContext): Promise<Outcome> {
  try {
    binding.value = decode(value);
    return await runExpression(`let ${name} = ${RUNTIME}.binding.value`, context);
  } catch (error) {
    return { ok: false, error: toCellError(error) };
  } finally {
    binding.value = undefined;
  }
}

/** Value of an expression that is no cell: it has no number and leaves no trace. */
export async function runExpression(expression: string, context: CellContext): Promise<Outcome> {
  let url = '';
  const outcome = await settle(context, () => {
    const cell = { cellId: '', executionCount: 0, firstLine: 0, code: expression };
    const runnable = transform(cell);
    url = rememberCell({ ...cell, runnable });
    return evaluate(url, runnable);
  });
  forgetCell(url);
  return outcome;
}

async function settle(context: CellContext, action: () => Promise<Evaluated>): Promise<Outcome> {
  try {
    return { ok: true, value: await context.run(() => action().then(show)) };
  } catch (thrown) {
    if (thrown instanceof Thrown) return { ok: false, error: toCellError(thrown.value, thrown.at) };
    return { ok: false, error: toCellError(thrown) };
  }
}

async function show({ value }: Evaluated): Promise<MimeData | undefined> {
  const settled = isAwaited(value) ? await value : value;
  return isHandle(settled) ? undefined : represent(settled);
}

/** In a box: a promise that is resolved with the value itself would call its `then`. */
interface Evaluated {
  value: unknown;
}

/** Promises, and what libraries give in their place. To a Proxy that answers to every name, `then` is a name like any other. */
function isAwaited(value: unknown): boolean {
  return types.isPromise(value) || (!types.isProxy(value) && typeof readSafely(value, 'then') === 'function');
}

/** What user code threw, apart from errors of our own. */
class Thrown {
  constructor(
    readonly value: unknown,
    readonly at: string | undefined,
  ) {}
}

function evaluate(url: string, { code, hasValue }: Runnable): Promise<Evaluated> {
  return new Promise((resolve, reject) => {
    const expression = `${code}\n//# sourceURL=${url}`;
    const parameters = { expression, replMode: true, awaitPromise: true, objectGroup: GROUP };
    session.post('Runtime.evaluate', parameters, (error, reply) => {
      // The only failure of the call itself is that the watchdog terminated it.
      if (error) return reject(new InterruptedError());
      const { result, exceptionDetails } = reply as EvaluateReply;
      if (!exceptionDetails) {
        const value = fetchValue(result);
        return resolve({ value: hasValue ? value : undefined });
      }
      const { lineNumber, columnNumber, stackTrace } = exceptionDetails;
      const frame = stackTrace?.callFrames[0] ?? { url: exceptionDetails.url, lineNumber, columnNumber };
      const at = placeOf(frame.url, frame.lineNumber + 1, frame.columnNumber + 1);
      reject(new Thrown(fetchValue(exceptionDetails.exception ?? { type: 'undefined' }), at));
    });
  });
}

function fetchValue({ type, value, unserializableValue, objectId }: RemoteObject): unknown {
  if (objectId === undefined && unserializableValue === undefined)
    return type === 'undefined' ? undefined : value;
  const argument = objectId === undefined ? { unserializableValue } : { objectId };
  session.post('Runtime.callFunctionOn', {
    objectId: sinkId,
    functionDeclaration: 'function (value) { this.value = value }',
    arguments: [argument],
  } as never);
  const received = sink.value;
  sink.value = undefined;
  session.post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
  return received;
}

function findSink(): string {
  const name = '__nxc_sink';
  Object.assign(globalThis, { [name]: sink });
  let id = '';
  session.post('Runtime.evaluate', { expression: name }, (_error, reply) => {
    id = (reply as EvaluateReply).result.objectId!;
  });
  Reflect.deleteProperty(globalThis, name);
  return id;
}
