import { Attrs } from '../attrs.js';
import { coerceToText } from '../coerce.js';
import { deepForce } from '../deep-force.js';
import { NixError } from '../error.js';
import { expectString } from '../expect.js';
import { print } from '../print.js';
import { NixString } from '../text.js';
import { force, type Lazy } from '../value.js';
import type { Builtins, Workshop } from './builtin.js';

export function controlBuiltins({ evaluation, trace }: Workshop): Builtins {
  const tell = (prefix: string, message: Lazy) => {
    const value = force(message);
    const plain = typeof value === 'string' || value instanceof NixString;
    trace(`${prefix}: ${plain ? String(value) : print(value, 'lazy')}`);
  };
  return {
    throw: message => {
      throw new NixError('throw', String(coerceToText(evaluation, message)));
    },
    abort: message => {
      throw new NixError('abort', `evaluation aborted: ${coerceToText(evaluation, message)}`);
    },
    tryEval: value => {
      try {
        return Attrs.from({ success: true, value: force(value) });
      } catch (error) {
        const caught = error instanceof NixError && (error.kind === 'throw' || error.kind === 'assertion');
        if (caught) return Attrs.from({ success: false, value: false });
        throw error;
      }
    },
    addErrorContext: (message, value) => {
      try {
        return force(value);
      } catch (error) {
        if (error instanceof NixError) error.addFrame({ what: String(coerceToText(evaluation, message)) });
        throw error;
      }
    },
    seq: (first, second) => {
      force(first);
      return second;
    },
    deepSeq: (first, second) => {
      deepForce(first);
      return second;
    },
    trace: (message, value) => {
      tell('trace', message);
      return value;
    },
    // Nix shows these only with --trace-verbose.
    traceVerbose: (_message, value) => value,
    warn: (message, value) => {
      trace(`warning: ${expectString(message)}`);
      return value;
    },
    break: value => value,
  };
}
