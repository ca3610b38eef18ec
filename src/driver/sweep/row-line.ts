import { decode, encode } from '../../codec.js';
import { jsonOf } from '../../display/json-of.js';
import type { Row } from '../../display/table.js';
import { isObject } from '../../is-object.js';

/** One line of a file of rows: a row, or what is known of the rows that follow. */
export type Line = { row: Row } | { step: string };

/** Beside the columns: the row as the codec has it, where JSON cannot hold it. */
const EXACT = '$exact';
const HEAD = '$sweep';

export const lineOfStep = (step: string): string => `${JSON.stringify({ [HEAD]: { step } })}\n`;

/** A row as a line that reads back as what it is. Its columns are there for other readers, as far as JSON has them. */
export function lineOfRow(row: Row): string {
  const exact = encode(row, 'row');
  const plain = asJson(row);
  if (plain !== undefined && encode(JSON.parse(plain), 'row') === exact && !(EXACT in row) && !(HEAD in row))
    return `${plain}\n`;
  const { json } = jsonOf(row, { drawn: true });
  const { [EXACT]: _, [HEAD]: __, ...columns } = Object(json) as Row;
  return `${JSON.stringify({ ...columns, [EXACT]: exact })}\n`;
}

/** Undefined when the text is no such line. */
export function readLine(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return undefined;
    const { [EXACT]: exact, [HEAD]: head } = value;
    if (exact !== undefined) {
      const row = decode(String(exact));
      return isObject(row) ? { row } : undefined;
    }
    const { step } = Object(head) as { step?: unknown };
    return typeof step === 'string' ? { step } : { row: value };
  } catch {
    return undefined;
  }
}

function asJson(row: Row): string | undefined {
  try {
    return JSON.stringify(row);
  } catch {
    return undefined;
  }
}
