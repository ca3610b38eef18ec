import { createHash } from 'node:crypto';
import { CallError } from '../calls.js';
import type { Params } from '../params.js';
import { shown } from '../shown.js';

/** What becomes of the rows in a file when the step function has changed since they were measured. */
export type Changed = 'keep' | 'redo';

/**
 * Names the function that is run for each point: a hash of its source, undefined where a language cannot give it. What it calls may
 * change without it.
 */
export function stepOf(params: Params): string | undefined {
  const { language, source } = params.optionalObject('step') ?? {};
  if (typeof source !== 'string' || /\{\s*\[native code\]\s*\}\s*$/.test(source)) return undefined;
  return `${language} ${createHash('sha256').update(source).digest('hex').slice(0, 16)}`;
}

export function changedOf(params: Params): Changed | undefined {
  const changed = params.all.changed ?? undefined;
  if (changed === undefined || changed === 'keep' || changed === 'redo') return changed;
  throw new CallError({
    asked: `sweep was given changed: ${shown(changed)}`,
    todo: "give 'keep' (the rows in the file count) or 'redo' (all points are measured again)",
  });
}
