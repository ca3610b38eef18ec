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
    : { scheme: { name: 'viridis', extent: [0, 0.9] } };
}

/**
 * About `most` ticks for an axis of these values, and between whole numbers none; years and ports have no thousands. Vega 5
 * takes `tickMinStep` lightly on short axes, so the number of ticks says it too.
 */
export function ticks(values: readonly unknown[], most: number): object {
  const numbers = values.filter(value => typeof value === 'number');
  if (!numbers.every(value => Number.isInteger(value))) return { tickCount: most };
  const least = numbers.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
  const greatest = numbers.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
  return {
    tickCount: Math.max(1, Math.min(most, greatest - least)),
    tickMinStep: 1,
    format: Math.max(greatest, -least) >= 1e5 ? ',d' : 'd',
  };
}

export const font = 'Roboto';

/** Looks of every plot; the white background keeps it readable on a dark page. */
export const config = {
  background: 'white',
  padding: 10,
  font: `${font}, Helvetica, Arial, sans-serif`,
  view: { stroke: null },
  axis: {
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    labelColor: '#444',
    titleColor: '#333',
    gridColor: '#e6e6e6',
    domainColor: '#999',
    tickColor: '#999',
    titlePadding: 8,
  },
  legend: {
    labelFontSize: 11,
    titleFontSize: 11,
    labelColor: '#333',
    titleColor: '#333',
    labelLimit: 220,
    symbolStrokeWidth: 2.5,
  },
  title: { fontSize: 14, fontWeight: 500, color: '#222', anchor: 'start', offset: 12 },
} as const;
