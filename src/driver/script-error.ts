import { InterruptedError, NxcError } from '../errors.js';
import { TransportError } from '../transports/errors.js';
import { AssertionFailed } from './errors.js';
import type { CommandResult } from './result.js';

/** A test script that Python cannot run to its end for a reason that is neither an assertion nor a lost machine. */
export class TestScriptError extends NxcError {}

/** An exception of a script, as nxc_driver.py reports it. */
export interface ScriptFailure {
  kind: 'assertion' | 'infrastructure' | 'interrupt' | 'error';
  /** Class name of the exception. */
  name: string;
  message: string;
  /** The script's lines that led to it, outermost first. */
  frames: Array<{ file: string; line: number; source: string }>;
  data?: CommandResult;
}

/** The failure as an error that shows the script's line and, below it, who called that. */
export function scriptError({ kind, name, message, frames, data }: ScriptFailure): Error {
  if (kind === 'interrupt') return new InterruptedError('the test script was interrupted');
  const [inner, ...outer] = frames.toReversed();
  const asked = [
    inner ? `${inner.file} failed at line ${inner.line}:` : 'the test script failed:',
    ...(inner ? [`  ${String(inner.line).padStart(4)} | ${inner.source.trim()}`] : []),
    ...outer.map(frame => `  called from ${frame.file} line ${frame.line}: ${frame.source.trim()}`),
    message === ''
      ? name
      : kind === 'assertion' && name !== 'AssertionError'
        ? message
        : `${name}: ${message}`,
  ].join('\n');
  if (kind === 'infrastructure') return new TransportError(asked);
  if (kind === 'error') return new TestScriptError(asked);
  const failed = new AssertionFailed(asked);
  return data ? Object.assign(failed, { data }) : failed;
}
