import type { Deployment } from '../deployment/deployment.js';
import { fanOut } from '../driver/fan-out.js';
import { InterruptedError, NxcError } from '../errors.js';
import type { NodeStatus } from '../flavours/flavour.js';
import { shapingOf } from '../network/shape.js';
import { links } from '../network/tools.js';
import { heal, resume, start, unblock, unshape } from './index.js';

/** Nodes that are looked at at a time: each look is a program of this machine. */
const ATONCE = 16;

/**
 * Gives a deployment back what faults took from it: boots nodes that are off, resumes those that are frozen, and lets all of them send
 * and reach each other as they can. Returns what was done, in a few words each.
 */
export async function undoFaults(
  deployment: Deployment,
  status: readonly NodeStatus[],
  signal: AbortSignal,
): Promise<string[]> {
  const paused = namesOf(status, 'paused');
  const off = namesOf(status, 'off');
  await fanOut(paused, ({ name }) => resume(deployment, name));
  const network = await undoNetwork(
    deployment,
    [...paused, ...namesOf(status, 'running', 'degraded')],
    signal,
  );
  if (off.length > 0) {
    const names = off.map(({ name }) => name);
    await start(deployment, names, signal);
  }
  return [...said('resumed', paused), ...said('booted', off), ...network];
}

async function undoNetwork(
  deployment: Deployment,
  nodes: ReadonlyArray<{ name: string }>,
  signal: AbortSignal,
): Promise<string[]> {
  const { flavour, record } = deployment;
  if (!flavour.inNetwork) return [];
  try {
    const of = ({ name }: { name: string }) => flavour.inNetwork!(record, name);
    const where = async (changed: (node: { name: string }) => Promise<boolean>) => {
      const found = await fanOut(nodes, changed, ATONCE);
      return nodes.filter((_, index) => found[index]);
    };
    const cut = await heal(deployment, signal);
    const unplugged = await where(async node => (await links(of(node), signal)).some(({ up }) => !up));
    await fanOut(unplugged, ({ name }) => unblock(deployment, name, signal), ATONCE);
    const shaped = await where(async node => (await shapingOf(of(node), signal)) !== undefined);
    await unshape(
      deployment,
      shaped.map(({ name }) => name),
      signal,
    );
    return [
      ...(cut.length > 0 ? ['healed the partition'] : []),
      ...said('plugged in', unplugged),
      ...said('let send as they can', shaped),
    ];
  } catch (error) {
    // Of nodes without a network of their own, and without the tools, none can have been changed.
    if (error instanceof NxcError && !(error instanceof InterruptedError)) return [];
    throw error;
  }
}

const namesOf = (status: readonly NodeStatus[], ...states: ReadonlyArray<NodeStatus['state']>) =>
  status.filter(({ state }) => states.includes(state)).map(({ name }) => ({ name }));

const said = (what: string, nodes: ReadonlyArray<{ name: string }>): string[] =>
  nodes.length > 0 ? [`${what} ${nodes.map(({ name }) => name).join(', ')}`] : [];
