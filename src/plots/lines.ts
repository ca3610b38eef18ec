import { groupBy } from '../group-by.js';
import type { Selection } from '../metrics/metrics.js';
import { measured } from '../metrics/rates.js';
import { stretches, type XY } from './downsample.js';
import { spread } from './spread.js';

/** A point of an aggregated line: mean, and the range of the nodes at that time. */
export interface LinePoint extends XY {
  low?: number;
  high?: number;
}

/** One line of a panel: a node's or a role's values of one metric. */
export interface Line {
  /** The node, or the role when nodes are aggregated; empty for points of no node. */
  name: string;
  /** `received` of network.received; empty where a panel has one kind of line. */
  kind: string;
  /** x in seconds since the beginning; stretches between gaps. */
  stretches: LinePoint[][];
}

/** One quantity with an axis of its own. */
export interface Panel {
  metric: string;
  unit: string;
  lines: Line[];
}

export type Per = 'node' | 'role';

/** More lines than this in one panel cannot be told apart. */
export const mostNodes = 20;

/** What was selected, as panels: one a metric; the two directions of network and disk share one. */
export function panelsOf(selection: Selection, per: Per): Panel[] {
  const panels = new Map<string, Panel>();
  for (const { series } of selection.series) {
    const [metric, kind] = panelName(series.metric);
    let panel = panels.get(metric);
    if (!panel) {
      panel = { metric, unit: series.unit, lines: [] };
      panels.set(metric, panel);
    }
    const points = series.points(selection.from, selection.to).map(({ at, value }) => ({
      x: (at - selection.from) / 1000,
      y: value,
    }));
    panel.lines.push({ name: series.node, kind, stretches: stretches(points) });
  }
  const roles = new Map(selection.series.map(({ series, role }) => [series.node, role]));
  if (per === 'node') return [...panels.values()];
  return [...panels.values()].map(panel => ({ ...panel, lines: aggregated(panel.lines, roles) }));
}

function panelName(metric: string): [panel: string, kind: string] {
  const cut = metric.indexOf('.');
  return cut > 0 && metric in measured ? [metric.slice(0, cut), metric.slice(cut + 1)] : [metric, ''];
}

/** Lines of the nodes of a role become one: the mean and the range of each second. */
function aggregated(lines: readonly Line[], roles: ReadonlyMap<string, string>): Line[] {
  const nameOf = (line: Line) => roles.get(line.name) || line.name;
  const groups = [...groupBy(lines, line => `${nameOf(line)} ${line.kind}`).values()].map(group => ({
    name: nameOf(group[0]!),
    kind: group[0]!.kind,
    seconds: groupBy(
      group.flatMap(line => line.stretches.flat()),
      ({ x }) => Math.round(x),
    ),
  }));
  return groups.map(({ name, kind, seconds }) => ({
    name,
    kind,
    stretches: splitAtPauses(
      [...seconds]
        .sort(([a], [b]) => a - b)
        .map(([x, points]) => {
          const { min: low, mean: y, max: high } = spread(points.map(point => point.y));
          return { x, y, low, high };
        }),
    ),
  }));
}

/**
 * Several seconds in a row without any value are a gap. Old points lie further apart (series.ts averages them), so what
 * counts as several grows with the time that is shown.
 */
function splitAtPauses(points: readonly LinePoint[]): LinePoint[][] {
  const found: LinePoint[][] = [];
  const span = points.length > 0 ? points.at(-1)!.x - points[0]!.x : 0;
  const pause = Math.max(5, (span / points.length) * 4);
  for (const point of points) {
    const before = found.at(-1)?.at(-1);
    if (before && point.x - before.x <= pause) found.at(-1)!.push(point);
    else found.push([point]);
  }
  return found;
}
