/**
 * The driver: machines of the current deployment and the words of a test (start_all, subtest, retry …), served to
 * TypeScript cells (client.ts) and Python test scripts (python-driver.ts) through one table of methods (methods.ts).
 */

import { identifier } from '../composition/identifier.js';
import { UnknownMachine } from '../composition/targets.js';
import type { Node } from '../composition/types.js';
import type { Deployment } from '../deployment/deployment.js';
import { start } from '../faults/index.js';
import { nearest } from '../suggest.js';
import { TransportError } from '../transports/errors.js';
import { Machine, type MachineContext } from './machine.js';

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
  /** The run that they are nodes of; of a build that does not run there is none. */
  run?: string;
}

export function describeGlobals(
  deployment: (Pick<Deployment, 'nodes'> & Partial<Pick<Deployment, 'record'>>) | undefined,
): Globals {
  const run = deployment?.record?.['x-nxc'].run;
  return {
    ...(run === undefined ? {} : { run }),
    machines: (deployment?.nodes ?? []).map(({ name, role, address }) => ({
      name,
      role,
      identifier: identifier(name),
      ...(address ? { address } : {}),
    })),
  };
}

/** The machine of that name (or of that variable), for one call. */
export function machineOf(deployment: Deployment, name: string, context: MachineContext): Machine {
  return new Machine(nodeCalled(deployment.nodes, name), deployment, context);
}

/** The node of that name (or of that variable); none is an UnknownMachine with the nearest names. */
export function nodeCalled(nodes: readonly Node[], name: string): Node {
  const node = nodes.find(one => one.name === name || identifier(one.name) === name);
  if (node) return node;
  const names = nodes.map(one => one.name);
  throw new UnknownMachine({
    asked: `there is no machine "${name}"`,
    nearest: nearest(name, names),
    found: names.length > 0 ? `machines are ${names.slice(0, 20).join(', ')}` : 'no machine runs',
  });
}

/** Starts the machines that are off; where they start only together, what is missing is an error that names it. */
export async function startAll(deployment: Deployment, signal: AbortSignal): Promise<void> {
  const { flavour, nodes } = deployment;
  const off = (await deployment.status()).filter(({ state }) => state === 'off' || state === 'gone');
  if (off.length === 0) return;
  if (flavour.control) {
    await start(
      deployment,
      off.map(({ name }) => name),
      signal,
    );
    return;
  }
  throw new TransportError({
    asked: `${off.length} of ${nodes.length} machines do not run: ${off.map(({ name }) => name).join(', ')}`,
    todo: 'stop the deployment and start it again: nxc stop, nxc start',
  });
}
