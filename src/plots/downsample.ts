/** A point of a line. */
export interface XY {
  x: number;
  y: number;
}

/**
 * At most `limit` points that look like all of them: the first, the last, and of each bucket between the one that spans the
 * greatest triangle with its neighbours (largest triangle three buckets, Steinarsson 2013).
 */
export function downsample<T extends XY>(points: readonly T[], limit: number): T[] {
  if (points.length <= limit || limit < 3) return [...points];
  const kept = [points[0]!];
  const size = (points.length - 2) / (limit - 2);
  const start = (bucket: number) => Math.floor(bucket * size) + 1;
  for (let bucket = 0; bucket < limit - 2; bucket++) {
    const next = points.slice(start(bucket + 1), Math.min(start(bucket + 2), points.length));
    const ahead = next.length > 0 ? mean(next) : points.at(-1)!;
    const last = kept.at(-1)!;
    let best = points[start(bucket)]!;
    let greatest = -1;
    for (const point of points.slice(start(bucket), start(bucket + 1))) {
      const area = Math.abs(
        (last.x - ahead.x) * (point.y - last.y) - (last.x - point.x) * (ahead.y - last.y),
      );
      if (area > greatest) {
        greatest = area;
        best = point;
      }
    }
    kept.push(best);
  }
  kept.push(points.at(-1)!);
  return kept;
}

function mean(points: readonly XY[]): XY {
  const sum = points.reduce((total, point) => ({ x: total.x + point.x, y: total.y + point.y }), {
    x: 0,
    y: 0,
  });
  return { x: sum.x / points.length, y: sum.y / points.length };
}

/** The stretches without gaps: NaN separates them. */
export function stretches<T extends XY>(points: readonly T[]): T[][] {
  const found: T[][] = [[]];
  for (const point of points) {
    if (Number.isNaN(point.y)) found.push([]);
    else found.at(-1)!.push(point);
  }
  return found.filter(stretch => stretch.length > 0);
}
