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
import { listed, note } from '../metrics/marks.js';
import type { Mark } from '../metrics/store/entry.js';
import { plug, unplug } from '../network/cable.js';
import * as partitions from '../network/partition.js';
import { requireShaping, shape as shapeNetwork, unshape as unshapeNetwork } from '../network/shape.js';
import { inWords, type Shaping } from '../network/shaping.js';

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
        const booted = await control.start(name, signal);
        await noteInRecord(deployment);
        if (!booted) return;
        // What was done to it ended with it, but for a cut.
        const over = ['killed', 'shut down', 'paused', 'unplugged', 'shaped'] as const;
        note(deployment.record, { at: Date.now(), over, nodes: [name] });
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
  const control = await controlOf(deployment);
  await marked(deployment, 'shut down', node, () => control.shutdown(node, signal));
}

/** Ends a node at once. */
export async function crash(deployment: Deployment, node: string): Promise<void> {
  const control = await controlOf(deployment);
  await marked(deployment, 'killed', node, () => control.crash(node));
}

export async function pause(deployment: Deployment, node: string): Promise<void> {
  const control = await controlOf(deployment);
  await marked(deployment, 'paused', node, () => control.pause(node));
}

export async function resume(deployment: Deployment, node: string): Promise<void> {
  await (await controlOf(deployment)).resume(node);
  note(deployment.record, { at: Date.now(), over: ['paused'], nodes: [node] });
}

/** Unplugs a node from all others. */
export async function block(deployment: Deployment, node: string, signal: AbortSignal): Promise<void> {
  await requireNetwork(deployment);
  const inNetwork = deployment.flavour.inNetwork!(deployment.record, node);
  await marked(deployment, 'unplugged', node, () => unplug(inNetwork, signal));
}

export async function unblock(deployment: Deployment, node: string, signal: AbortSignal): Promise<void> {
  await requireNetwork(deployment);
  await plug(deployment.flavour.inNetwork!(deployment.record, node), signal);
  note(deployment.record, { at: Date.now(), over: ['unplugged'], nodes: [node] });
}

/** Cuts groups of nodes off from each other, both ways. Returns the nodes that are off: their side is cut when they start. */
export async function partition(
  deployment: Deployment,
  groups: ReadonlyArray<readonly string[]>,
  signal: AbortSignal,
): Promise<string[]> {
  await requireNetwork(deployment);
  const at = Date.now();
  const off = await partitions.partition(deployment, groups, signal);
  // The smallest group is what a person calls cut off.
  const [nodes = [], ...others] = groups.toSorted((one, other) => one.length - other.length);
  const detail = others
    .map(group => (group.length > 4 ? `${group.length} nodes` : listed(group)))
    .join(' and from ');
  note(deployment.record, { at, mark: { what: 'cut', nodes, detail } });
  return off;
}

/** Undoes every partition. Returns what was cut. */
export async function heal(deployment: Deployment, signal: AbortSignal): Promise<partitions.Cut[]> {
  await requireNetwork(deployment);
  const cuts = await partitions.heal(deployment, signal);
  note(deployment.record, { at: Date.now(), over: ['cut'] });
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
      const at = Date.now();
      await shapeNetwork(networks[index]!, shaping, signal);
      note(deployment.record, { at, mark: { what: 'shaped', nodes: [name], detail: inWords(shaping) } });
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
  note(deployment.record, { at: Date.now(), over: ['shaped'], nodes });
}

/** A fault begins when it is caused, which may take a while, and is marked when it is there. */
async function marked(
  { record }: Deployment,
  what: Mark['what'],
  node: string,
  work: () => Promise<void>,
): Promise<void> {
  const at = Date.now();
  await work();
  note(record, { at, mark: { what, nodes: [node] } });
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
