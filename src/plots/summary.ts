import type { Panel } from './lines.js';
import { sparkline } from './spark.js';
import { spread } from './spread.js';
import { formatValue } from './units.js';

const sparkWidth = 24;
const reset = '\u001b[0m';
const colours = [34, 33, 32, 35, 36, 31].map(code => `\u001b[${code}m`);

/** Panels as text: a line for each series with its course, least, mean and greatest value. */
export function summary(panels: readonly Panel[], { columns = 80, colour = false, title = '' } = {}): string {
  const nameWidth = Math.max(4, ...panels.flatMap(panel => panel.lines.map(line => nameOf(line).length)));
  const width = Math.max(sparkWidth, Math.min(60, columns - nameWidth - 54));
  const names = [...new Set(panels.flatMap(panel => panel.lines.map(line => line.name)))];
  const paint = (text: string, name: string) =>
    colour ? `${colours[names.indexOf(name) % colours.length]}${text}${reset}` : text;
  const blocks = panels.map(panel => {
    const all = panel.lines.flatMap(line => line.stretches.flat().map(point => point.y));
    const greatest = Math.max(0, spread(all).max);
    const lines = panel.lines.map(line => {
      const points = line.stretches.flat();
      const values = points.map(point => point.y);
      if (values.length === 0) return `  ${nameOf(line).padEnd(nameWidth)}  no values`;
      const figures = Object.entries(spread(values)).map(
        ([label, value]) => `${label} ${formatValue(value, panel.unit).padStart(10)}`,
      );
      const spark = paint(sparkline(points, width, greatest).padEnd(width), line.name);
      return `  ${nameOf(line).padEnd(nameWidth)}  ${spark}  ${figures.join('  ')}`;
    });
    return [panel.metric, ...lines].join('\n');
  });
  return [...(title ? [title] : []), ...blocks].join('\n');
}

function nameOf({ name, kind }: { name: string; kind: string }): string {
  return [name || 'all', kind].filter(Boolean).join(' ');
}
