/**
 * Flavour `local`: nodes are kernel namespaces of this machine, made by one process tree that lives apart from whoever
 * started it. launch.ts starts the tree (node/launcher.sh), layer.ts and fstab.ts say what a node sees, units.ts what it
 * runs; commands reach a node through transports/agent.
 */
import { join } from 'node:path';
import { AgentTransport } from '../../transports/agent/agent-transport.js';
import { TransportError } from '../../transports/errors.js';
import type { Transport } from '../../transports/transport.js';
import type { Flavour } from '../flavour.js';
import type { DeploymentRecord } from '../record.js';
import { LocalControl } from './control.js';
import { initOf } from './inits.js';
import { leftovers } from './leftovers.js';
import { logs } from './logs.js';
import { inNetwork } from './network.js';
import { killAll } from './processes.js';
import { requirements } from './requirements.js';
import { RunFolder } from './run-folder.js';
import { runtimeOf } from './runtime.js';
import { shellArgv } from './shell.js';
import { start } from './start.js';
import { status } from './status.js';
import { unitsOf, warnOfFailedUnits } from './unit-states.js';

/** Transports of this process by runtime folder of their node. */
const open = new Map<string, Transport>();

export const local: Flavour = {
  name: 'local',
  description: 'nodes are kernel namespaces of this machine; needs neither Nix nor Docker',
  // Measured: 7 to 10 MB and 15 ms a node, and stopping slows down with their number.
  mostNodes: 1000,
  requirements,
  build: async (request, jobs) =>
    (await import('../../composition/local-build.js')).buildLocal(request, jobs),
  start,
  status,
  transport,
  logs,
  units: (record, node) => unitsOf(new RunFolder(record['x-nxc'].run).node(node)),
  settle: ({ 'x-nxc': { run } }, nodes, jobs) => warnOfFailedUnits(new RunFolder(run), nodes, jobs),
  control: record => new LocalControl(record),
  inNetwork,
  stop,
  leftovers,
};

function transport(record: DeploymentRecord, node: string): Transport {
  const { run, nodes } = record['x-nxc'];
  const localRuntime = runtimeOf(record);
  const { isolation } = localRuntime;
  const folder = new RunFolder(run);
  const runtime = folder.node(node);
  const known = open.get(runtime);
  if (known) return known;
  const role = nodes.find(({ name }) => name === node)?.role;
  if (!role) {
    throw new TransportError({ asked: `node ${node} cannot be reached: it was never started` });
  }
  const inside =
    isolation === 'plain'
      ? { etc: join(folder.role(role), 'layer/etc/nxc'), runtime }
      : { etc: '/etc/nxc', runtime: '/run/nxc' };
  const made = new AgentTransport({
    node,
    runtime,
    runtimeOnNode: inside.runtime,
    shellCommand: options =>
      shellArgv({ isolation, node, pid: initOf(localRuntime, node).pid, ...inside }, options),
    onClose: () => open.delete(runtime),
  });
  open.set(runtime, made);
  return made;
}

async function stop(record: DeploymentRecord): Promise<void> {
  const folder = new RunFolder(record['x-nxc'].run);
  await Promise.all(record['x-nxc'].nodes.map(({ name }) => open.get(folder.node(name))?.close()));
  await killAll(folder);
  folder.remove();
}
