import { parseSync } from 'oxc-parser';
import type { Completeness } from '../session/interpreter.js';

const INDENT = '  ';

/** Whether a front-end's Enter runs the code or adds a line: it is incomplete when its first error is that it ends. */
export function completeness(code: string): Completeness {
  const error = firstError(code, 'ts');
  if (!error || (/<\/|\/>/.test(code) && !firstError(code, 'tsx'))) return { status: 'complete' };
  const end = code.trimEnd().length;
  const ends = error.labels.some(({ start }) => start >= end);
  const [first] = error.labels;
  const open = /^Unterminated/.test(error.message) && /^(?:`|\/\*)/.test(code.slice(first?.start));
  return ends || open ? { status: 'incomplete', indent: indentAfter(code) } : { status: 'invalid' };
}

type ParseError = ReturnType<typeof parseSync>['errors'][number];

function firstError(code: string, lang: 'ts' | 'tsx'): ParseError | undefined {
  return parseSync(`cell.${lang}`, code, { sourceType: 'module' }).errors[0];
}

function indentAfter(code: string): string {
  const line = code.trimEnd().split('\n').at(-1)!;
  const current = /^\s*/.exec(line)![0];
  return /[[({]$|=>$/.test(line) ? current + INDENT : current;
}
