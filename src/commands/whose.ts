import { basename } from 'node:path';
import type { Deployment } from '../deployment/deployment.js';

/** `run 3f9a01c2 of ada@host, started 2026-11-23 10:04:05 by lab.ipynb`: what people know a deployment by. */
export function whose({ record }: Pick<Deployment, 'record'>): string {
  const { run, owner, started, notebook } = record['x-nxc'];
  return `run ${run} of ${owner}, started ${localTime(started)}${notebook === undefined ? '' : ` by ${basename(notebook)}`}`;
}

/** `2026-11-23 10:04:05` in the local time zone. */
export const localTime = (iso: string): string => new Date(iso).toLocaleString('sv-SE');
