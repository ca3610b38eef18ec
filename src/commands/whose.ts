import { basename } from 'node:path';
import type { Deployment } from '../deployment/deployment.js';

/** `run 3f9a01c2 of ada@host, started 2026-11-23 10:04:05 by lab.ipynb`: what people know a deployment by. */
export function whose({ record }: Pick<Deployment, 'record'>): string {
  const { run, owner, started, notebook } = record['x-nxc'];
  return `run ${run} of ${owner}, started ${localTime(started)}${notebook === undefined ? '' : ` by ${basename(notebook)}`}`;
}

/** `2026-11-23 10:04:05` in the local time zone. */
export function localTime(iso: string): string {
  const at = new Date(iso);
  // By hand: Intl takes longer to load than the whole of `nxc status`.
  const two = (part: number) => String(part).padStart(2, '0');
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${day} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')}`;
}
