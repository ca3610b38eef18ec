import { inspect } from 'node:util';
import { RpcError } from '../../../src/client.js';
import type { CellError } from '../../session/interpreter.js';
import { excerpt } from '../excerpt.js';
import { cellNumbered } from './stack.js';
import { CellSyntaxError } from './syntax-error.js';

const MAX_DEPTH = 5;
const bold = (text: string) => `\x1b[1;31m${text}\x1b[0m`;

/** What was thrown, as the notebook shows it. `at` is where a thrown value that is no Error came from. */
export function toCellError(thrown: unknown, at?: string): CellError {
  try {
    return read(thrown, at);
  } catch (error) {
    const evalue = `what was thrown cannot be shown: reading it throws ${inspect(error, { depth: 0 })}`;
    return { ename: 'Error', evalue, traceback: [`${bold('Error')}: ${evalue}`] };
  }
}

function read(thrown: unknown, at?: string): CellError {
  if (thrown instanceof CellSyntaxError) return thrown.cellError;
  if (!(thrown instanceof Error)) {
    const evalue = inspect(thrown, { depth: 2 });
    return {
      ename: 'Uncaught',
      evalue,
      traceback: [`${bold('Uncaught')} ${evalue}`, ...(at ? frameLines([`    at ${at}`]) : [])],
    };
  }
  return { ename: nameOf(thrown), evalue: String(thrown.message), traceback: describe(thrown, 0) };
}

function nameOf(error: Error): string {
  const name = String(error.name);
  return name === 'Error' && !Object.hasOwn(error, 'name') ? (error.constructor?.name ?? name) : name;
}

function describe(error: Error, depth: number): string[] {
  const frames = String(error.stack ?? '')
    .split('\n')
    .filter(line => /^ {4}at /.test(line));
  const lines = [`${bold(nameOf(error))}: ${error.message}`, ...frameLines(frames), ...properties(error)];
  // A bug of the kernel's own, on the other side of a call.
  if (error instanceof RpcError && error.remoteStack) lines.push('thrown by the kernel:', error.remoteStack);
  if (depth >= MAX_DEPTH) return lines;
  if (error instanceof AggregateError) {
    error.errors.slice(0, 10).forEach((one, i) => {
      lines.push(`error ${i + 1} of ${error.errors.length}:`, ...nested(one, depth));
    });
  }
  if (error.cause !== undefined) lines.push('caused by:', ...nested(error.cause, depth));
  return lines;
}

function nested(value: unknown, depth: number): string[] {
  const lines =
    value instanceof Error ? describe(value, depth + 1) : [inspect(value, { depth: 2, colors: true })];
  return lines.flatMap(text => text.split('\n')).map(line => `  ${line}`);
}

/** Frames, with the source around the first one that lies in a cell. */
function frameLines(frames: string[]): string[] {
  const shown: string[] = [];
  let excerpted = false;
  for (const line of frames) {
    shown.push(line.includes('node_modules') ? `\x1b[2m${line}\x1b[22m` : line);
    const [, count, number, column] = /In\[(\d+)\]:(\d+):(\d+)/.exec(line) ?? [];
    const cell = count === undefined || excerpted ? undefined : cellNumbered(Number(count));
    if (!cell) continue;
    excerpted = true;
    const place = { line: Number(number) - cell.firstLine, column: Number(column) };
    shown.push(...excerpt(cell.code, place, cell.firstLine));
  }
  return shown;
}

/** What the error carries beside its message: `code`, `path`, `status`. */
function properties(error: Error): string[] {
  const hidden = new Set(['name', 'message', 'stack', 'cause', 'errors', 'parts', 'user', 'remoteStack']);
  // The message of an error of ours tells what its data is; programs can ask for it.
  if ('user' in error || 'parts' in error) hidden.add('data');
  const entries = Object.entries(error).filter(([key, value]) => !hidden.has(key) && value !== undefined);
  if (!entries.length) return [];
  return [inspect(Object.fromEntries(entries), { depth: 2, colors: true, breakLength: 100 })];
}

/** The same as one text, for errors that come when their cell is done. */
export function tracebackText(thrown: unknown): string {
  return `${toCellError(thrown).traceback.join('\n')}\n`;
}
