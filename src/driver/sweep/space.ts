import { encode } from '../../codec.js';
import { isObject } from '../../is-object.js';
import { CallError } from '../calls.js';
import { shown } from '../shown.js';

/** One value of each parameter. */
export type Point = Readonly<Record<string, unknown>>;

const mostPoints = 1_000_000;

/** Every combination of the values; the last parameter changes fastest. */
export function pointsOf(space: unknown): Point[] {
  const isSpace = isObject(space) && !(space instanceof Map);
  const parameters = Object.entries(isSpace ? space : {}).map(
    ([name, values]) => [name, valuesOf(name, values)] as const,
  );
  const count = parameters.reduce((product, [, values]) => product * values.length, 1);
  if (parameters.length === 0 || count > mostPoints) {
    throw new CallError({
      asked: 'sweep needs parameters, each with its values',
      found: !isSpace ? shown(space) : parameters.length === 0 ? 'none' : `${count} combinations`,
      todo: 'write sweep({ clients: [1, 2, 4], size: [1, 10] }, run)',
    });
  }
  return parameters.reduce<Point[]>(
    (points, [name, values]) => points.flatMap(point => values.map(value => ({ ...point, [name]: value }))),
    [{}],
  );
}

function valuesOf(name: string, values: unknown): readonly unknown[] {
  if (!Array.isArray(values) || values.length === 0) {
    throw new CallError({
      asked: `sweep was given ${name}: ${shown(values)}`,
      todo: `give its values as a list: { ${name}: [1, 2, 4] }`,
    });
  }
  const known = new Set<string>();
  for (const value of values) {
    const key = encode(value);
    if (known.has(key)) {
      throw new CallError({
        asked: `sweep was given ${name}: ${shown(values)}`,
        found: `${shown(value)} twice`,
      });
    }
    known.add(key);
  }
  return values;
}

/** The same text for the same point: 1, 1n and NaN are others. */
export const keyOf = (point: Point, names: readonly string[]): string =>
  encode(names.map(name => point[name]));
