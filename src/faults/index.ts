/**
 * Faults of single nodes and of the network between them, for the verbs (`start NODE`, `stop NODE`, `fault`) and the driver's
 * methods: what the flavour does to a node, what src/network does to its network, and the marks that plots show of both.
 */
import type { Deployment } from '../deployment/deployment.js';
import { isRecorded, updateRecord } from '../deployment/record-store.js';
import { fanOut } from '../driver/fan-out.js';
import { NxcError } from '../errors.js';
import type { Flavour, NodeControl } from '../flavours/flavour.js';
import { flavourNames, loadFlavour } from '../flavours/registry.js';
import { faultsOf } from '../metrics/faults.js';
import { plug, unplug } from '../network/cable.js';
import * as partitions from '../network/partition.js';
import { requireShaping, shape as shapeNetwork, unshape as unshapeNetwork } from '../network/shape.js';
import { formatShaping, type Shaping } from '../network/shaping.js';

const marks = {
  off: (node: string) => `${node} off`,
  paused: (node: string) => `${node} paused`,
  unplugged: (node: string) => `${node} unplugged`,
  shaped: (node: string, shaping: Shaping) => `${node} sends ${formatShaping(shaping)}`,
  cut: (groups: ReadonlyArray<readonly string[]>) => groups.map(group => group.join(',')).join(' | '),
};

/** Starts nodes that are off; what they were cut off from they are cut off from again. */
export async function start(
  deployment: Deployment,
  nodes: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const control = await controlOf(deployment);
  const before = deployment.nodes.map(node => ({ ...node }));
  try {
    await fanOut(
      nodes.map(name => ({ name })),
      async ({ name }) => {
        await control.start(name, signal);
        await noteInRecord(deployment);
        // What was done to it ended with it, but for a cut; nothing has changed when it ran all the time.
        const faults = faultsOf(deployment);
        if (faults.lasting().includes(marks.off(name)))
          faults.endAll(label => label.startsWith(`${name} `) && !label.includes(' | '));
      },
    );
  } finally {
    await partitions.rejoin(deployment, nodes, before, signal);
  }
}

/** A node that was booted may have another address. A record that went with its project's folder is nobody's any more. */
async function noteInRecord({ record }: Deployment): Promise<void> {
  if (await isRecorded(record)) await updateRecord(record);
}

/** Ends a node in order. */
export async function shutdown(deployment: Deployment, node: string, signal: AbortSignal): Promise<void> {
  await (await controlOf(deployment)).shutdown(node, signal);
  faultsOf(deployment).last(marks.off(node));
}

/** Ends a node at once. */
export async function crash(deployment: Deployment, node: string): Promise<void> {
  await (await controlOf(deployment)).crash(node);
  faultsOf(deployment).last(marks.off(node));
}

export async function pause(deployment: Deployment, node: string): Promise<void> {
  await (await controlOf(deployment)).pause(node);
  faultsOf(deployment).last(marks.paused(node));
}

export async function resume(deployment: Deployment, node: string): Promise<void> {
  await (await controlOf(deployment)).resume(node);
  faultsOf(deployment).end(marks.paused(node));
}

/** Unplugs a node from all others. */
export async function block(deployment: Deployment, node: string, signal: AbortSignal): Promise<void> {
  await requireNetwork(deployment);
  await unplug(deployment.flavour.inNetwork!(deployment.record, node), signal);
  faultsOf(deployment).last(marks.unplugged(node));
}

export async function unblock(deployment: Deployment, node: string, signal: AbortSignal): Promise<void> {
  await requireNetwork(deployment);
  await plug(deployment.flavour.inNetwork!(deployment.record, node), signal);
  faultsOf(deployment).end(marks.unplugged(node));
}

/** Cuts groups of nodes off from each other, both ways. Returns the nodes that are off: their side is cut when they start. */
export async function partition(
  deployment: Deployment,
  groups: ReadonlyArray<readonly string[]>,
  signal: AbortSignal,
): Promise<string[]> {
  await requireNetwork(deployment);
  const off = await partitions.partition(deployment, groups, signal);
  faultsOf(deployment).last(marks.cut(groups));
  return off;
}

/** Undoes every partition. Returns what was cut. */
export async function heal(deployment: Deployment, signal: AbortSignal): Promise<partitions.Cut[]> {
  await requireNetwork(deployment);
  const cuts = await partitions.heal(deployment, signal);
  const faults = faultsOf(deployment);
  faults.endAll(label => label.includes(' | '));
  return cuts;
}

/** Shapes what nodes send from now on. Refuses what the kernel cannot do before anything is changed. */
export async function shape(
  deployment: Deployment,
  nodes: readonly string[],
  shaping: Shaping,
  signal: AbortSignal,
): Promise<void> {
  const networks = await networksOf(deployment, nodes);
  await requireShaping(networks[0]!, shaping, signal);
  await fanOut(
    nodes.map(name => ({ name })),
    async ({ name }, index) => {
      await shapeNetwork(networks[index]!, shaping, signal);
      faultsOf(deployment).endAll(label => label.startsWith(`${name} sends `));
      faultsOf(deployment).last(marks.shaped(name, shaping));
    },
  );
}

/** Lets nodes send as they can. */
export async function unshape(
  deployment: Deployment,
  nodes: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const networks = await networksOf(deployment, nodes);
  await Promise.all(networks.map(one => unshapeNetwork(one, signal)));
  for (const name of nodes) faultsOf(deployment).endAll(label => label.startsWith(`${name} sends `));
}

async function networksOf(deployment: Deployment, nodes: readonly string[]) {
  await requireNetwork(deployment);
  return nodes.map(name => deployment.flavour.inNetwork!(deployment.record, name));
}

/** The flavour's control of nodes; an error that says which flavours have one when it has none. */
async function controlOf({ flavour, record }: Deployment): Promise<NodeControl> {
  const control = flavour.control?.(record);
  if (control) return control;
  throw await lacking(flavour.name, 'nodes start and stop only together', one => one.control !== undefined);
}

export async function requireNetwork({ flavour }: Pick<Deployment, 'flavour'>): Promise<void> {
  if (flavour.inNetwork) return;
  throw await lacking(
    flavour.name,
    'the network of a node cannot be changed',
    one => one.inNetwork !== undefined,
  );
}

async function lacking(name: string, what: string, has: (flavour: Flavour) => boolean): Promise<NxcError> {
  const flavours = (await Promise.all(flavourNames().map(loadFlavour))).filter(has);
  return new NxcError({
    asked: `with flavour ${name} ${what}`,
    found: `flavours where it can: ${flavours.map(flavour => flavour.name).join(', ')}`,
  });
}
