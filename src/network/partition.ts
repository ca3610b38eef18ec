import type { Deployment } from '../deployment/deployment.js';
import { InterruptedError, NxcError } from '../errors.js';
import { ip, links } from './tools.js';

/** What is needed of a deployment to change the network between its nodes. */
export type Networked = Pick<Deployment, 'flavour' | 'record' | 'nodes' | 'status'>;

/** Two nodes that are cut off from each other, in the order of the deployment's nodes. */
export type Cut = readonly [string, string];

/**
 * The card that a node which is cut off seems to have. No card has this address, so what is sent there is lost as in a cut
 * cable: nobody is told, and connections wait. A blackhole route would be an error of every `connect` at once.
 */
const nowhere = '06:6e:78:63:00:00';

/** A node whose network is there to be changed. */
interface Member {
  name: string;
  address: string;
  inNetwork: readonly string[];
}

/**
 * Cuts every node of a group off from every node of the other groups, in both directions. Returns the nodes that are off:
 * of them only the others' side is cut until `rejoin`.
 */
export async function partition(
  deployment: Networked,
  groups: ReadonlyArray<readonly string[]>,
  signal: AbortSignal,
): Promise<string[]> {
  const members = await membersOf(deployment);
  const addresses = addressesOf(deployment.nodes, members);
  await Promise.all(
    members.map(async member => {
      const own = groups.find(group => group.includes(member.name));
      const others = own ? groups.filter(group => group !== own).flat() : [];
      await lose(
        member,
        others.flatMap(name => addresses.get(name) ?? []),
        signal,
      );
    }),
  );
  const there = new Set(members.map(({ name }) => name));
  return groups.flat().filter(name => !there.has(name));
}

/** Lets all nodes reach each other again. Returns what was cut. */
export async function heal(deployment: Networked, signal: AbortSignal): Promise<Cut[]> {
  const members = await membersOf(deployment);
  const lost = await Promise.all(members.map(member => lostOf(member, signal)));
  await Promise.all(
    members.map(({ inNetwork }, index) =>
      batch(
        inNetwork,
        signal,
        lost[index]!.map(({ dst, dev }) => `neigh del ${dst} dev ${dev}`),
      ),
    ),
  );
  return pairs(deployment, members, lost);
}

/** What is cut now, as the kernel of the nodes tells it. */
export async function cuts(deployment: Networked, signal: AbortSignal): Promise<Cut[]> {
  const members = await membersWhereAny(deployment);
  return pairs(deployment, members, await Promise.all(members.map(member => lostOf(member, signal))));
}

/**
 * Nodes that were started again have a network that knows of no cut: it is set anew from what the other nodes know. `before` is
 * what the nodes were called until then: a container may come back with another address.
 */
export async function rejoin(
  deployment: Networked,
  started: readonly string[],
  before: ReadonlyArray<{ name: string; address?: string }>,
  signal: AbortSignal,
): Promise<void> {
  const members = await membersWhereAny(deployment);
  const lost = await Promise.all(members.map(member => lostOf(member, signal)));
  const earlier = addressesOf(before, []);
  for (const member of members.filter(({ name }) => started.includes(name))) {
    const known = [member.address, earlier.get(member.name)];
    const from = members.filter((_, index) => lost[index]!.some(({ dst }) => known.includes(dst)));
    await lose(
      member,
      from.map(({ address }) => address),
      signal,
    );
    await Promise.all(from.map(other => lose(other, [member.address], signal)));
  }
}

/** By name: of nodes that run where they are now, of others where they were, unless somebody else is there now. */
function addressesOf(
  nodes: ReadonlyArray<{ name: string; address?: string }>,
  members: readonly Member[],
): Map<string, string> {
  const taken = new Set(members.map(({ address }) => address));
  const off = nodes.flatMap(({ name, address }) =>
    address === undefined || taken.has(address) ? [] : [[name, address] as const],
  );
  return new Map([...off, ...members.map(({ name, address }) => [name, address] as const)]);
}

async function membersOf(deployment: Networked): Promise<Member[]> {
  const { flavour, record } = deployment;
  return (await deployment.status()).flatMap(({ name, address, state }) => {
    if (address === undefined || state === 'off' || state === 'gone') return [];
    return [{ name, address, inNetwork: flavour.inNetwork!(record, name) }];
  });
}

async function lose({ inNetwork }: Member, addresses: readonly string[], signal: AbortSignal): Promise<void> {
  if (addresses.length === 0) return;
  const up = (await links(inNetwork, signal)).filter(link => link.up);
  await batch(
    inNetwork,
    signal,
    up.flatMap(({ name }) =>
      addresses.map(address => `neigh replace ${address} lladdr ${nowhere} nud permanent dev ${name}`),
    ),
  );
}

/** None where nodes have no network of their own: they cannot be cut off from each other. */
async function membersWhereAny(deployment: Networked): Promise<Member[]> {
  if (!deployment.flavour.inNetwork) return [];
  try {
    return await membersOf(deployment);
  } catch (error) {
    if (error instanceof NxcError && !(error instanceof InterruptedError)) return [];
    throw error;
  }
}

interface Neighbour {
  dst: string;
  dev: string;
  lladdr?: string;
}

async function lostOf({ inNetwork }: Member, signal: AbortSignal): Promise<Neighbour[]> {
  const all = JSON.parse(
    await ip(inNetwork, signal, ['-json', 'neigh', 'show', 'nud', 'permanent']),
  ) as Neighbour[];
  return all.filter(({ lladdr }) => lladdr === nowhere);
}

async function batch(
  inNetwork: readonly string[],
  signal: AbortSignal,
  lines: readonly string[],
): Promise<void> {
  if (lines.length > 0) await ip(inNetwork, signal, ['-batch', '-'], lines.map(line => `${line}\n`).join(''));
}

function pairs(deployment: Networked, members: readonly Member[], lost: readonly Neighbour[][]): Cut[] {
  const order = deployment.nodes.map(({ name }) => name);
  const names = new Map(
    [...addressesOf(deployment.nodes, members)].map(([name, address]) => [address, name]),
  );
  const found = new Set<string>();
  members.forEach(({ name }, index) => {
    for (const { dst } of lost[index]!) {
      const other = names.get(dst);
      if (other === undefined) continue;
      found.add([name, other].sort((a, b) => order.indexOf(a) - order.indexOf(b)).join(' '));
    }
  });
  return order.flatMap((one, index) =>
    order.slice(index + 1).flatMap(other => (found.has(`${one} ${other}`) ? [[one, other] as const] : [])),
  );
}
