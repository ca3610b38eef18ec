import { AgentTransport } from '../../transports/agent/agent-transport.js';
import { TransportError } from '../../transports/errors.js';
import type { ShellOptions, Transport } from '../../transports/transport.js';
import type { DeploymentRecord } from '../record.js';
import { containerName } from './containers.js';
import { reach, seenBy } from './reach.js';
import { RunFolder } from './run-folder.js';
import { runtimeOf } from './runtime.js';

/** Transports of this process by runtime folder of their node. */
const open = new Map<string, Transport>();

export function transport(record: DeploymentRecord, node: string): Transport {
  const { run, nodes } = record['x-nxc'];
  const runtime = new RunFolder(run).node(node);
  const known = open.get(runtime);
  if (known) return known;
  if (!nodes.some(({ name }) => name === node)) {
    throw new TransportError({ asked: `node ${node} cannot be reached: it was never started` });
  }
  const made = new AgentTransport({
    node,
    runtime,
    runtimeOnNode: seenBy(record, node).runtime,
    shellCommand: options => shellArgv(record, node, options),
    revive: () => reach(record, node),
    onClose: () => open.delete(runtime),
  });
  open.set(runtime, made);
  return made;
}

/** Lets go of all nodes of a deployment. */
export async function closeTransports(record: DeploymentRecord): Promise<void> {
  const folder = new RunFolder(record['x-nxc'].run);
  await Promise.all(record['x-nxc'].nodes.map(({ name }) => open.get(folder.node(name))?.close()));
}

function shellArgv(
  record: DeploymentRecord,
  node: string,
  { user = 'root', command }: ShellOptions,
): string[] {
  const { socket, project, containers } = runtimeOf(record);
  const terminal = process.stdin.isTTY ? '-it' : '-i';
  const docker = ['docker', '--host', `unix://${socket}`, 'exec', terminal, '--user', user];
  return [...docker, containers[node] ?? containerName(project, node), ...(command ?? ['bash', '-l'])];
}
