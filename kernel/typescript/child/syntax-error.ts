import type { CellError } from '../../session/interpreter.js';
import { excerpt, placeName } from '../excerpt.js';
import type { CellText } from '../messages.js';

interface ParserError {
  severity: string;
  message: string;
  labels: Array<{ message: string | null; start: number; end: number }>;
  helpMessage: string | null;
}

export function firstError<E extends ParserError>(errors: readonly E[]): E | undefined {
  return errors.find(error => error.severity === 'Error');
}

/** Code of a cell that is no TypeScript; positions of the parser's error count in the cell's own text. */
export class CellSyntaxError extends SyntaxError {
  readonly cellError: CellError;

  constructor({ message, labels, helpMessage }: ParserError, cell: CellText) {
    super(message);
    const label = labels.at(-1);
    const place = placeOf(cell.code, label?.start ?? 0);
    const where = placeName(cell.executionCount, place, cell.firstLine);
    const explanation = [label?.message, helpMessage].filter(text => text).join('; ');
    const evalue = `${message} (${where})`;
    this.cellError = {
      ename: 'SyntaxError',
      evalue,
      traceback: [
        `\x1b[1;31mSyntaxError\x1b[0m: ${message}`,
        `    at ${where}`,
        ...excerpt(cell.code, place, cell.firstLine),
        ...(explanation ? [`\x1b[2m${explanation}\x1b[22m`] : []),
      ],
    };
  }
}

function placeOf(code: string, offset: number): { line: number; column: number } {
  const before = code.slice(0, offset).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}
