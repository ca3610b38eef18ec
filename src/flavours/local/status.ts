import { isAlive, uptimeOf } from '../../process/proc.js';
import type { NodeStatus } from '../flavour.js';
import type { DeploymentRecord } from '../record.js';
import { hasLostAgent, initsOf } from './inits.js';
import { RunFolder } from './run-folder.js';
import { runtimeOf } from './runtime.js';
import { failedUnits } from './unit-states.js';

export async function status(record: DeploymentRecord): Promise<NodeStatus[]> {
  const folder = new RunFolder(record['x-nxc'].run);
  const runtime = runtimeOf(record);
  const alive = runtime.launcher !== undefined && isAlive(runtime.launcher);
  const inits = initsOf(runtime);
  return record['x-nxc'].nodes.map(({ name, role, address }) => {
    const init = inits.get(name);
    const node = { name, role, ...(address === undefined ? {} : { address }) };
    if (!init) {
      if (record['x-nxc'].state === 'starting') return { ...node, state: 'starting' };
      // Off is what can be started again, so it needs a launcher that does it.
      if (alive && folder.isOff(name)) return { ...node, state: 'off' };
      return { ...node, state: 'gone', detail: alive ? 'its processes ended' : 'the deployment ended' };
    }
    if (init.state === 'T') return { ...node, state: 'paused', uptime: uptimeOf(init) };
    if (hasLostAgent(init, folder.node(name)))
      return { ...node, state: 'degraded', uptime: uptimeOf(init), detail: 'no command can be run on it' };
    const failed = failedUnits(folder.node(name));
    const uptime = uptimeOf(init);
    if (failed.length === 0) return { ...node, state: 'running', uptime };
    const count = `${failed.length} unit${failed.length > 1 ? 's' : ''} failed`;
    return { ...node, state: 'degraded', uptime, detail: `${count}: ${failed.join(', ')}` };
  });
}
