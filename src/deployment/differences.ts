import { isDeepStrictEqual } from 'node:util';
import type { Build, Node } from '../composition/types.js';
import type { NodeStatus } from '../flavours/flavour.js';
import { groupBy } from '../group-by.js';
import type { Deployment } from './deployment.js';

/** What a start is asked to bring up. */
export interface Wanted {
  build: Pick<Build, 'hash'>;
  nodes: readonly Node[];
  parameters?: Readonly<Record<string, unknown>>;
}

/** In what a deployment that runs is another one than what a start would bring up, in a few words each; none where it is the same. */
export function differences({ record }: Pick<Deployment, 'record'>, wanted: Wanted): string[] {
  const { hash, nodes } = record['x-nxc'];
  const [parameters, others] = [record.parameters ?? {}, wanted.parameters ?? {}];
  return [
    ...(hash === wanted.build.hash ? [] : ['it is of another build']),
    ...differentNodes(nodes, wanted.nodes),
    ...(isDeepStrictEqual(plain(parameters), plain(others))
      ? []
      : [`its parameters are ${JSON.stringify(parameters)}, not ${JSON.stringify(others)}`]),
  ];
}

/** Upstream's tool keeps nothing in its records that says it. */
export const isOfUnknownBuild = ({ record }: Pick<Deployment, 'record'>): boolean =>
  record['x-nxc'].hash === '';

/** Why what runs cannot do what was just started could. */
export function defects(status: readonly NodeStatus[], { units }: { units: boolean }): string[] {
  const broken = status.filter(({ state }) => state === 'gone' || (units && state === 'degraded'));
  return broken.map(({ name, state, detail }) => `${name} is ${state}${detail ? ` (${detail})` : ''}`);
}

function differentNodes(there: readonly Node[], wanted: readonly Node[]): string[] {
  const [ours, theirs] = [there, wanted].map(nodes => groupBy(nodes, ({ role }) => role));
  const namesOf = (nodes: readonly Node[] = []) => nodes.map(({ name }) => name).sort();
  return [...new Set([...ours!.keys(), ...theirs!.keys()])].flatMap(role => {
    const [has, wants] = [namesOf(ours!.get(role)), namesOf(theirs!.get(role))];
    if (isDeepStrictEqual(has, wants)) return [];
    return [`role ${role} has ${listed(has, wants)}, not ${listed(wants, has)}`];
  });
}

/** More than a few by their number, unless the number is not what makes the difference. */
function listed(names: readonly string[], others: readonly string[]): string {
  if (names.length === 0) return '0 nodes';
  return names.length > 4 && names.length !== others.length ? `${names.length} nodes` : names.join(' ');
}

/** As it comes back from a record. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
