import type { CellError } from '../session/interpreter.js';
import type { Source } from './evaluator.js';
import { excerpt, placeName } from './excerpt.js';
import type { Diagnosis } from './language/messages.js';

/** What `%typecheck on` shows in place of running a cell. */
export function typeError(
  { code, executionCount, firstLine }: Pick<Source, 'code' | 'executionCount' | 'firstLine'>,
  diagnoses: readonly Diagnosis[],
): CellError {
  const [first, ...others] = diagnoses.map(({ place, message, code: number }) => {
    const where = placeName(executionCount, place, firstLine);
    return {
      summary: `${message} (TS${number}, ${where})`,
      lines: [
        `\x1b[1;31mTS${number}\x1b[0m: ${message}`,
        `    at ${where}`,
        ...excerpt(code, place, firstLine),
      ],
    };
  });
  return {
    ename: 'TypeScriptError',
    evalue: `${first!.summary}${others.length ? ` and ${others.length} more` : ''}`,
    traceback: [...first!.lines, ...others.flatMap(({ lines }) => ['', ...lines])],
  };
}
