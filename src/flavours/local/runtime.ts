import type { ProcessId } from '../../process/proc.js';
import type { DeploymentRecord } from '../record.js';
import type { Isolation } from './isolation.js';

/** What a record of this flavour keeps under `x-nxc.runtime`. */
export interface LocalRuntime {
  isolation: Isolation;
  /** The first process of the deployment: its end is the end of all. */
  launcher?: ProcessId;
}

export function runtimeOf(record: DeploymentRecord): LocalRuntime {
  return { isolation: 'plain', ...(record['x-nxc'].runtime as Partial<LocalRuntime>) };
}
