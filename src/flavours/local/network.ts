import { NxcError } from '../../errors.js';
import type { DeploymentRecord } from '../record.js';
import { enterArgv } from './enter.js';
import { initOf } from './inits.js';
import { systemPath } from './isolation.js';
import { runtimeOf } from './runtime.js';

/** The network of the nodes, mostly as files for `ip -batch`: one process makes all the links of a node. Interface names are numbered, since node names may be longer than 15 bytes. */

/**
 * Nodes have 10.0.1.1 to 10.0.1.250, then 10.0.2.1 and on. Plain processes of all deployments share this machine's loopback:
 * there the first two of the run's bytes choose where in 127.64.0.0 to 127.253.255.255 its nodes begin.
 */
export function addressOf(index: number, isolation: 'root' | 'user' | 'plain', run: string): string {
  const [block, host] = [Math.floor(index / 250), (index % 250) + 1];
  if (isolation !== 'plain') return `10.0.${block + 1}.${host}`;
  const [high, low] = [Number.parseInt(run.slice(0, 2), 16), Number.parseInt(run.slice(2, 4), 16)];
  return `127.${64 + (high % 190)}.${(low + block) % 256}.${host}`;
}

export const switchBatch = `link add switch0 type bridge
link set switch0 up
link set lo up
`;

/** The other end of a node's link, in the launcher's network. */
export const portOf = (index: number): string => `port${index}`;

/**
 * In the node. Its end of the link is born there, the other one in the launcher's network, which /proc/1 still is. The address
 * of the card goes with that of the node: who knew the node before it was started anew would look for the old card.
 */
export function nodeBatch(index: number, address: string): string {
  const card = ['02', '00', ...address.split('.').map(byte => Number(byte).toString(16).padStart(2, '0'))];
  return `link add eth0 address ${card.join(':')} type veth peer name ${portOf(index)} netns /proc/1/ns/net
addr add ${address}/16 broadcast 10.0.255.255 dev eth0
link set eth0 up
link set lo up
`;
}

export function portsBatch(count: number): string {
  return Array.from({ length: count }, (_, index) => `link set ${portOf(index)} master switch0 up\n`).join(
    '',
  );
}

/** argv before a program that shall act on a node's network. */
export function inNetwork(record: DeploymentRecord, node: string): readonly string[] {
  const runtime = runtimeOf(record);
  if (runtime.isolation === 'plain') {
    throw new NxcError({
      asked: `node ${node} has no network of its own`,
      found: "without namespaces nodes are plain processes on this machine's loopback",
      todo: '`nxc doctor` shows what namespaces need; nodes can be killed, paused and resumed all the same',
    });
  }
  return ['env', `PATH=${systemPath}`, ...enterArgv(runtime.isolation, initOf(runtime, node).pid, ['net'])];
}
