import type { XY } from './downsample.js';

const blocks = '▁▂▃▄▅▆▇█';

/** Seconds that a line of characters stands for. */
export interface Window {
  from: number;
  to: number;
}

/**
 * Values over time in one line of block characters: `slots` wide, the mean of each slot, as high as `greatest` at most; blank where
 * nothing is known.
 */
export function sparkline(
  stretches: ReadonlyArray<readonly XY[]>,
  slots: number,
  greatest: number,
  { from, to }: Window,
): string {
  const span = Math.max(to - from, 1e-9);
  const slotOf = (x: number) => Math.max(0, Math.min(slots - 1, Math.floor(((x - from) / span) * slots)));
  const line = Array.from({ length: slots }, () => ' ');
  for (const stretch of stretches) {
    const sums = new Map<number, { sum: number; count: number }>();
    for (const { x, y } of stretch) {
      const slot = sums.get(slotOf(x)) ?? { sum: 0, count: 0 };
      sums.set(slotOf(x), { sum: slot.sum + y, count: slot.count + 1 });
    }
    let level = 0;
    for (let slot = slotOf(stretch[0]!.x); slot <= slotOf(stretch.at(-1)!.x); slot++) {
      const mean = sums.get(slot);
      if (mean) level = greatest > 0 ? mean.sum / mean.count / greatest : 0;
      line[slot] = blocks[Math.max(0, Math.min(blocks.length - 1, Math.round(level * (blocks.length - 1))))]!;
    }
  }
  return line.join('');
}

/** The axis below such lines, and the seconds at its ticks. */
export function axis(slots: number, { from, to }: Window): [line: string, labels: string] {
  const step = niceStep((to - from) / Math.max(1, Math.floor(slots / 12)));
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

/** 1, 2 or 5 times a power of ten, or a whole number of minutes, and no less than a second. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  const nice = [1, 2, 5, 10].map(factor => factor * power).find(step => step >= least) ?? 10 * power;
  return Math.max(1, nice);
}
