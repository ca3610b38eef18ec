import type { NodeStatus } from '../flavour.js';
import type { DeploymentRecord } from '../record.js';
import { failedUnits } from './boot.js';
import { addressOf, type Container, endOf, inspectAll } from './containers.js';
import { EngineError } from './engine/errors.js';
import { ofDeployment } from './labels.js';
import { RunFolder } from './run-folder.js';
import { engineOf, runtimeOf } from './runtime.js';
import { transport } from './transports.js';

export async function status(record: DeploymentRecord): Promise<NodeStatus[]> {
  const { run, nodes, state } = record['x-nxc'];
  let containers: Map<string, Container>;
  try {
    containers = await inspectAll(engineOf(record), ofDeployment(record));
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return nodes.map(node => ({ ...node, state: 'gone', detail: error.parts.asked }));
  }
  return Promise.all(
    nodes.map(async (node): Promise<NodeStatus> => {
      const container = containers.get(node.name);
      if (!container) {
        return { ...node, state: state === 'starting' ? 'starting' : 'gone', detail: 'it has no container' };
      }
      const { Status, StartedAt } = container.State;
      if (Status === 'paused') return { ...node, state: 'paused', uptime: secondsSince(StartedAt) };
      if (Status === 'created' || Status === 'restarting') return { ...node, state: 'starting' };
      if (Status !== 'running') {
        return new RunFolder(run).isOff(node.name)
          ? { ...node, state: 'off' }
          : { ...node, state: 'gone', detail: endOf(container) };
      }
      const address = addressOf(container);
      const running = { ...node, ...(address ? { address } : {}), uptime: secondsSince(StartedAt) };
      const failed = runtimeOf(record).nixos.includes(node.name)
        ? await failedUnits(transport(record, node.name)).catch(() => [])
        : [];
      if (failed.length === 0) return { ...running, state: 'running' };
      const count = `${failed.length} unit${failed.length > 1 ? 's' : ''} failed`;
      return { ...running, state: 'degraded', detail: `${count}: ${failed.join(', ')}` };
    }),
  );
}

const secondsSince = (iso: string): number => Math.max(0, (Date.now() - Date.parse(iso)) / 1000);
