/** Colours that colour-blind people can tell apart (Okabe and Ito 2008, without yellow and black, which are faint or loud on white). */
const distinct: readonly string[] = [
  '#0072B2',
  '#D55E00',
  '#009E73',
  '#CC79A7',
  '#E69F00',
  '#56B4E9',
  '#7A5195',
];

/** Of what has no name to tell it apart. */
export const colour = distinct[0];

/** A colour a name; many names get an ordered ramp, which stays readable where distinct hues do not. */
export function colourRange(names: readonly unknown[]): { range: readonly string[] } | { scheme: object } {
  return names.length <= distinct.length
    ? { range: distinct.slice(0, names.length) }
    : { scheme: { name: 'viridis', extent: [0.2, 0.85] } };
}

/**
 * About `most` ticks for an axis of these values, and between whole numbers none; years and ports have no thousands. Vega 5
 * takes `tickMinStep` lightly on short axes, so the number of ticks says it too.
 */
export function ticks(values: readonly unknown[], most: number): object {
  const numbers = values.filter(value => typeof value === 'number');
  if (!numbers.every(value => Number.isInteger(value))) return { tickCount: most };
  // Nothing has happened: 0 and 1, and no thousandths between.
  if (numbers.every(value => value === 0)) return { values: [0, 1], format: 'd' };
  const least = numbers.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
  const greatest = numbers.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
  return {
    tickCount: Math.max(1, Math.min(most, greatest - least)),
    tickMinStep: 1,
    format: Math.max(greatest, -least) >= 1e5 ? ',d' : 'd',
  };
}

export const font = 'Roboto';

/** Of text and lines that are read on a white page and on a dark one: their contrast is the same with both. */
const ink = '#7a7a7a';

/** Looks of every plot where a front-end draws it: it has the page's background, light or dark. */
export const config = {
  background: 'transparent',
  padding: 10,
  font: `${font}, Helvetica, Arial, sans-serif`,
  view: { stroke: null },
  axis: {
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    labelColor: ink,
    titleColor: ink,
    gridColor: `${ink}40`,
    domainColor: ink,
    tickColor: ink,
    titlePadding: 8,
  },
  legend: {
    labelFontSize: 11,
    titleFontSize: 11,
    labelColor: ink,
    titleColor: ink,
    labelLimit: 220,
    symbolStrokeWidth: 2.5,
  },
  title: { fontSize: 14, fontWeight: 500, color: ink, anchor: 'start', offset: 12 },
} as const;

/** The same specification for a picture, which is looked at on any page: dark on white. */
export function onPaper(spec: Readonly<Record<string, unknown>>): Record<string, unknown> {
  // Whoever brings looks of their own keeps them.
  if (JSON.stringify(spec.config) !== JSON.stringify(config)) return { ...spec };
  const { axis, legend, title } = config;
  return {
    ...spec,
    config: {
      ...config,
      background: 'white',
      axis: { ...axis, labelColor: '#444', titleColor: '#333', gridColor: '#e6e6e6' },
      legend: { ...legend, labelColor: '#333', titleColor: '#333' },
      title: { ...title, color: '#222' },
    },
  };
}

let naturally: Intl.Collator | undefined;

/** In the order in which people count: node2 before node10. */
export function inOrder<T>(names: Iterable<T>): T[] {
  // Made when it is used: Intl takes longer to load than most commands to run.
  naturally ??= new Intl.Collator('en', { numeric: true });
  const { compare } = naturally;
  return [...names].sort((a, b) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : compare(String(a), String(b)),
  );
}
