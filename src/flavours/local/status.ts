import { isAlive, uptimeOf } from '../../process/proc.js';
import type { NodeStatus } from '../flavour.js';
import type { DeploymentRecord } from '../record.js';
import { RunFolder } from './run-folder.js';
import { runtimeOf } from './runtime.js';
import { failedUnits } from './unit-states.js';

export async function status(record: DeploymentRecord): Promise<NodeStatus[]> {
  const folder = new RunFolder(record['x-nxc'].run);
  const { inits } = runtimeOf(record);
  return record['x-nxc'].nodes.map(({ name, role, address }) => {
    const init = inits[name];
    const node = { name, role, ...(address === undefined ? {} : { address }) };
    if (!init) return { ...node, state: record['x-nxc'].state === 'starting' ? 'starting' : 'gone' };
    if (!isAlive(init)) return { ...node, state: 'gone', detail: 'its processes ended' };
    const failed = failedUnits(folder.node(name));
    const uptime = uptimeOf(init);
    if (failed.length === 0) return { ...node, state: 'running', uptime };
    const count = `${failed.length} unit${failed.length > 1 ? 's' : ''} failed`;
    return { ...node, state: 'degraded', uptime, detail: `${count}: ${failed.join(', ')}` };
  });
}
