/**
 * The driver: machines of the current deployment and the words of a test (start_all, subtest, retry …), served to
 * TypeScript cells (client.ts) and Python test scripts (python-driver.ts) through one table of methods (methods.ts).
 */
import { UnknownMachine } from '../composition/targets.js';
import type { Node } from '../composition/types.js';
import type { Deployment } from '../deployment/deployment.js';
import { nearest } from '../suggest.js';
import { TransportError } from '../transports/errors.js';
import { Machine, type MachineContext } from './machine.js';
import { identifier } from './naming.js';

/** A node as the driver's clients know it. */
export interface MachineDescription {
  name: string;
  role: string;
  /** Its variable in TypeScript and Python. */
  identifier: string;
  address?: string;
}

/** What the notification `globals` carries: the machines that exist now. */
export interface Globals {
  machines: MachineDescription[];
}

export function describeGlobals(deployment: Pick<Deployment, 'nodes'> | undefined): Globals {
  return {
    machines: (deployment?.nodes ?? []).map(({ name, role, address }) => ({
      name,
      role,
      identifier: identifier(name),
      ...(address ? { address } : {}),
    })),
  };
}

/** The machine of that name (or of that variable), for one call. */
export function machineOf(
  deployment: Deployment,
  name: string,
  context: Omit<MachineContext, 'unitLog'>,
): Machine {
  const node = deployment.nodes.find(one => one.name === name || identifier(one.name) === name);
  if (!node) {
    const names = deployment.nodes.map(one => one.name);
    throw new UnknownMachine({
      asked: `there is no machine "${name}"`,
      nearest: nearest(name, names),
      found: names.length > 0 ? `machines are ${names.slice(0, 20).join(', ')}` : 'no machine runs',
    });
  }
  const unitLog = (unit: string) => lastLines(deployment, node, unit, context.signal);
  return new Machine(node, deployment.transport(node.name), { ...context, unitLog });
}

/** Deployments are started as a whole, so there is nothing to start; what is missing is an error that names it. */
export async function startAll(deployment: Deployment): Promise<void> {
  const gone = (await deployment.status())
    .filter(status => status.state === 'gone')
    .map(status => status.name);
  if (gone.length === 0) return;
  throw new TransportError({
    asked: `${gone.length} of ${deployment.nodes.length} machines do not run: ${gone.join(', ')}`,
    todo: 'stop the deployment and start it again: nxc stop, nxc start',
  });
}

async function lastLines(
  deployment: Deployment,
  node: Node,
  unit: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of deployment.logs(node.name, { unit, lines: 10, ...(signal ? { signal } : {}) })) {
    lines.push(line.text);
  }
  return lines.slice(-10);
}
