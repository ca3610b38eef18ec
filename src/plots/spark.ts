const blocks = '▁▂▃▄▅▆▇█';

/** Values over time in one line of block characters: `slots` wide, the mean of each slot, blank where nothing is known. */
export function sparkline(
  points: ReadonlyArray<{ x: number; y: number }>,
  slots: number,
  greatest: number,
): string {
  if (points.length === 0) return '';
  const first = points[0]!.x;
  const span = Math.max(points.at(-1)!.x - first, 1e-9);
  const sums = Array.from({ length: slots }, () => ({ sum: 0, count: 0 }));
  for (const { x, y } of points) {
    const slot = sums[Math.min(slots - 1, Math.floor(((x - first) / span) * slots))]!;
    slot.sum += y;
    slot.count++;
  }
  const dense = points.length >= slots;
  let level = 0;
  return sums
    .map(({ sum, count }) => {
      if (count === 0 && dense) return ' ';
      if (count > 0) level = greatest > 0 ? sum / count / greatest : 0;
      return blocks[Math.max(0, Math.min(blocks.length - 1, Math.round(level * (blocks.length - 1))))];
    })
    .join('');
}
