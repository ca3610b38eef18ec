import type { Row } from '../display/table.js';
import { type Kind, variety } from './columns.js';
import { ticks } from './style.js';

const width = 600;
/** Pixels of a letter of a label, on average. */
const letterWidth = 6;
/** Pixels that a slanted label takes on the axis. */
const slantedRoom = 17;
/** More bars than this side by side are too thin to have a name each. */
const mostBars = 60;

/** How many places the axis has: one for each name, and for each bar where these have room; undefined for a continuous axis. */
export function placesOf(rows: readonly Row[], x: string, kind: Kind, mark: string): number | undefined {
  const places = variety(rows, x);
  const bars = mark === 'bar' && kind !== 'time' && places <= mostBars;
  return kind === 'name' || bars ? places : undefined;
}

/** Pixels of a plot with this many places. */
export function widthOf(places: number | undefined): number {
  return places === undefined ? width : Math.min(width, Math.max(240, 48 * places));
}

/** A place for each value. Names keep the order of the rows, numbers and days have their own. */
export function steps(kind: Kind, rows: readonly Row[], x: string, places: number): object {
  const longest = rows.reduce((most, row) => Math.max(most, String(row[x]).length), 0);
  const room = widthOf(places) / places;
  const slanted = longest * letterWidth > room && room >= slantedRoom;
  return {
    type: 'ordinal',
    ...(kind === 'name' ? { sort: null } : {}),
    axis: { labelAngle: slanted ? -40 : 0, grid: false, labelOverlap: !slanted },
  };
}

/** Numbers or times, with some space left and right so that no value lies on an axis. */
export function continuous(kind: Kind, rows: readonly Row[], x: string): object {
  const axis = { grid: false, labelOverlap: true };
  const scale = { nice: false, padding: 12 };
  if (kind === 'number') {
    return {
      type: 'quantitative',
      scale: { ...scale, zero: false },
      axis: {
        ...axis,
        ...ticks(
          rows.map(row => row[x]),
          12,
        ),
      },
    };
  }
  return {
    type: 'temporal',
    scale: kind === 'day' ? { ...scale, type: 'utc' } : scale,
    axis: { ...axis, format: timeFormats },
  };
}

/** Vega's own are a mixture of weekdays, months and American hours. */
const timeFormats = {
  quarter: '%b %Y',
  month: '%b %Y',
  week: '%b %d',
  date: '%b %d',
  day: '%b %d',
  hours: '%H:%M',
  minutes: '%H:%M',
  seconds: '%H:%M:%S',
};
