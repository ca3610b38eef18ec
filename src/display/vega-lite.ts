/** What is known of Vega-Lite without loading it. */
import { nearest } from '../suggest.js';

/** The media type of its specifications that front-ends draw. */
export const vegaLite = 'application/vnd.vegalite.v5+json';

/** What a specification of that type says it is written in. */
export const vegaLiteSchema = 'https://vega.github.io/schema/vega-lite/v5.json';

const marks =
  'arc area bar boxplot circle errorband errorbar geoshape image line point rect rule square text tick trail'.split(
    ' ',
  );

type Parts = Record<string, unknown>;

/**
 * A value that is a specification, as one of that media type: it says so by its schema, or it is a plain object of known marks, alone
 * or composed, with data or an encoding. Newer versions are drawn as well, but no front-end takes them under a type of their own.
 */
export function asVegaLite(value: unknown): Parts | undefined {
  const { $schema } = Object(value) as Parts;
  if (typeof $schema === 'string') {
    if (!$schema.includes('vega.github.io/schema/vega-lite/')) return undefined;
    return $schema.includes('/vega-lite/v5')
      ? (value as Parts)
      : { ...(value as Parts), $schema: vegaLiteSchema };
  }
  return isView(value) && isOfData(value) ? { ...value, $schema: vegaLiteSchema } : undefined;
}

function isView(value: unknown): value is Parts {
  if (!isPlain(value)) return false;
  const composed = viewsOf(value);
  return composed.length > 0 ? composed.every(isView) : marks.includes(markOf(value) as string);
}

const isOfData = (view: Parts): boolean =>
  isPlain(view.data) || isPlain(view.encoding) || viewsOf(view).some(one => isOfData(one as Parts));

/** What a specification is composed of; nothing for a single view. */
function viewsOf({ layer, concat, hconcat, vconcat, repeat, facet, spec }: Parts): unknown[] {
  const repeated = repeat !== undefined || facet !== undefined ? spec : undefined;
  return [layer, concat, hconcat, vconcat, repeated].flatMap(one => one ?? []);
}

const markOf = ({ mark }: Parts): unknown => (isPlain(mark) ? mark.type : mark);

function isPlain(value: unknown): value is Parts {
  const prototype = typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : undefined;
  return prototype === Object.prototype || prototype === null;
}

/** What is wrong with the first mark that Vega-Lite does not have: it says nothing of use about it itself. */
export function unknownMark(spec: Parts): string | undefined {
  const composed = viewsOf(spec);
  if (composed.length > 0)
    return composed.map(one => unknownMark(Object(one))).find(fault => fault !== undefined);
  const mark = markOf(spec);
  if (mark === undefined || marks.includes(mark as string)) return undefined;
  const [near] = nearest(String(mark), marks);
  return `there is no mark ${JSON.stringify(mark)}${near === undefined ? `; marks are ${marks.join(', ')}` : `, did you mean ${near}?`}`;
}
