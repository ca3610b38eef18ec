import { InterruptedError, NxcError } from '../errors.js';
import { TransportError } from '../transports/errors.js';
import { AssertionFailed } from './errors.js';
import type { CommandResult } from './result.js';

/** A test script that Python cannot run to its end for a reason that is neither an assertion nor a lost machine. */
export class TestScriptError extends NxcError {}

/** An exception of a script, as nxc_driver reports it. */
export interface ScriptFailure {
  kind: 'assertion' | 'infrastructure' | 'interrupt' | 'error';
  /** Class name of the exception. */
  name: string;
  message: string;
  hint: string | null;
  /** The script's lines that led to it, outermost first. */
  frames: ScriptFrame[];
  data: CommandResult | null;
}

export interface ScriptFrame {
  file: string;
  /** From 1. */
  line: number;
  /** The line's text, and the lines around it by number. */
  source: string;
  around: Array<[number, string]>;
  /** Of a syntax error, from 1. */
  column?: number;
}

/** The failure as an error that shows the script's line and, below it, who called that. */
export function scriptError({ kind, name, message, hint, frames, data }: ScriptFailure): Error {
  const [inner, ...outer] = frames.toReversed();
  if (kind === 'interrupt') {
    const where = inner ? ` at line ${inner.line}:\n${excerpt(inner)}` : '';
    return new InterruptedError(`${inner?.file ?? 'the test script'} was interrupted${where}`);
  }
  const own = kind === 'assertion' && name !== 'AssertionError';
  const told = message === '' ? name : own ? message : `${name}: ${message}`;
  const asked = [
    inner ? `${inner.file} failed at line ${inner.line}:` : 'the test script failed:',
    ...(inner ? [excerpt(inner)] : []),
    ...outer.map(frame => `  called from ${frame.file} line ${frame.line}: ${frame.source.trim()}`),
    ...[told, hint].filter(Boolean),
  ].join('\n');
  if (kind === 'infrastructure') return new TransportError(asked);
  if (kind === 'error') return new TestScriptError(asked);
  const failed = new AssertionFailed(asked);
  return data ? Object.assign(failed, { data }) : failed;
}

/** The line between its neighbours, marked. */
function excerpt({ line, around, column }: ScriptFrame): string {
  const width = String(around.at(-1)?.[0] ?? line).length;
  return around
    .flatMap(([number, text]) => {
      const label = String(number).padStart(width);
      if (number !== line) return [`    ${label} | ${text}`];
      const caret = column ? [`    ${' '.repeat(width)} | ${' '.repeat(column - 1)}^`] : [];
      return [`  > ${label} | ${text}`, ...caret];
    })
    .join('\n');
}
