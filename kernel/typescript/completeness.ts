import { parseSync } from 'oxc-parser';
import type { Completeness } from '../session/interpreter.js';

const INDENT = '  ';

/**
 * Whether a front-end's Enter runs the code or adds a line. Incomplete is what some text after it would mend: the
 * first error then lies at the very end, or something that was opened there is not closed.
 */
export function completeness(code: string): Completeness {
  const { errors } = parseSync('cell.ts', code, { sourceType: 'module' });
  const [first] = errors;
  if (!first) return { status: 'complete' };
  const end = code.trimEnd().length;
  const atEnd = first.labels.some(label => label.end >= end && label.start >= end - 1);
  const unclosed = /unterminated|unexpected end|expected `?[)\]}]/i.test(
    `${first.message} ${first.labels[0]?.message ?? ''}`,
  );
  if (!atEnd && !(unclosed && first.labels.some(({ end: last }) => last >= end)))
    return { status: 'invalid' };
  return { status: 'incomplete', indent: indentAfter(code) };
}

function indentAfter(code: string): string {
  const line = code.trimEnd().split('\n').at(-1)!;
  const current = /^\s*/.exec(line)![0];
  return /[[({]$/.test(line) ? current + INDENT : current;
}
