import type { XY } from './downsample.js';

const blocks = '▁▂▃▄▅▆▇█';

/** Seconds that a line of characters stands for. */
export interface Window {
  from: number;
  to: number;
}

/** What the lowest and the highest block stand for. */
export interface Height {
  low: number;
  high: number;
}

/**
 * Values over time in `rows` lines of block characters, the topmost first: `slots` wide, what is farthest from 0 in each slot, so
 * that no peak is lost; blank where nothing is known.
 */
export function sparklines(
  stretches: ReadonlyArray<readonly XY[]>,
  { slots, rows }: { slots: number; rows: number },
  { low, high }: Height,
  { from, to }: Window,
): string[] {
  const span = Math.max(to - from, 1e-9);
  const slotOf = (x: number) => Math.max(0, Math.min(slots - 1, Math.floor(((x - from) / span) * slots)));
  const steps = rows * blocks.length;
  const stepOf = (y: number) => (high > low ? Math.round(((y - low) / (high - low)) * (steps - 1)) : 0);
  const filled = Array.from({ length: slots }, () => Number.NEGATIVE_INFINITY);
  for (const stretch of stretches) {
    const peaks = new Map<number, number>();
    for (const { x, y } of stretch) {
      const peak = peaks.get(slotOf(x)) ?? 0;
      peaks.set(slotOf(x), Math.abs(y) >= Math.abs(peak) ? y : peak);
    }
    let step = 0;
    for (let slot = slotOf(stretch[0]!.x); slot <= slotOf(stretch.at(-1)!.x); slot++) {
      const peak = peaks.get(slot);
      if (peak !== undefined) step = stepOf(peak);
      filled[slot] = step;
    }
  }
  return Array.from({ length: rows }, (_, row) => {
    const bottom = (rows - 1 - row) * blocks.length;
    return filled
      .map(step => (step < bottom ? ' ' : blocks[Math.min(step - bottom, blocks.length - 1)]))
      .join('');
  });
}

/** The axis of time below such lines, and the seconds at its ticks. */
export function timeAxis(slots: number, { from, to }: Window): [line: string, labels: string] {
  const step = niceStep((to - from) / Math.max(3, Math.floor(slots / 9)));
  const line = Array.from({ length: slots }, () => '─');
  let labels = '';
  for (let tick = Math.ceil(from / step) * step; tick <= to + step * 1e-9; tick += step) {
    const slot = Math.min(slots - 1, Math.round(((tick - from) / Math.max(to - from, 1e-9)) * slots));
    const label = String(Number(tick.toPrecision(12)));
    if (slot < labels.length || slot + label.length > slots) continue;
    line[slot] = '┬';
    labels = `${labels.padEnd(slot)}${label} `;
  }
  return [line.join(''), labels.trimEnd()];
}

/** 1, 2 or 5 times a power of ten, and no less than a second. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  const nice = [1, 2, 5, 10].map(factor => factor * power).find(step => step >= least) ?? 10 * power;
  return Math.max(1, nice);
}
