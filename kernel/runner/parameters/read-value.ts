import { JsonNumber, parseJson } from '../ipynb/json.js';
import { JsonFaultError } from '../ipynb/json-fault.js';

/** As Python and papermill write them, JSON and JavaScript. */
const WORDS: Readonly<Record<string, unknown>> = {
  True: true,
  true: true,
  False: false,
  false: false,
  None: null,
  null: null,
};

/** What Python's `float` takes besides digits, in any case. */
const NAN = /^[+-]?nan$/i;
const INFINITY = /^([+-]?)inf(?:inity)?$/i;

/**
 * What a word means where nothing says which type is wanted: `True`, `None`, numbers as papermill reads them, JSON; text otherwise.
 * Digits that would be lost stay text or a JsonNumber: `01234`, `1.0`, integers beyond 2^53.
 */
export function readValue(text: string): unknown {
  if (Object.hasOwn(WORDS, text)) return WORDS[text];
  if (NAN.test(text)) return Number.NaN;
  const infinite = INFINITY.exec(text);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  try {
    const value = parseJson(text);
    return value instanceof JsonNumber && !Number.isFinite(Number(value)) ? text : value;
  } catch (error) {
    if (!(error instanceof JsonFaultError)) throw error;
    return text;
  }
}

/** A number that only Python writes so: `01234`, `1_000`, `+5`, `.5`, `5.`. Undefined for any other word. */
export function readNumber(text: string): JsonNumber | undefined {
  const plain = /^[+-]?\d/.test(text) ? text.replaceAll(/(?<=\d)_(?=\d)/g, '') : text;
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(plain)) return undefined;
  const [, sign, whole = '', fraction = '', exponent = ''] = /^([+-]?)(\d*)\.?(\d*)(.*)$/.exec(plain)!;
  const digits = `${whole.replace(/^0+(?=\d)/, '') || '0'}${fraction && `.${fraction}`}${exponent}`;
  const number = new JsonNumber(`${sign === '-' ? '-' : ''}${digits}`);
  return Number.isFinite(Number(number)) ? number : undefined;
}
