import { NxcError } from '../errors.js';
import { disciplineOf, type Shaping, ShapingError, shapingsIn } from './shaping.js';
import { links, tc } from './tools.js';

/** Shapes what a node sends from now on, in place of how it was shaped. */
export async function shape(
  inNetwork: readonly string[],
  shaping: Shaping,
  signal: AbortSignal,
): Promise<void> {
  for (const { name } of await links(inNetwork, signal))
    await tc(inNetwork, signal, ['qdisc', 'replace', 'dev', name, 'root', ...disciplineOf(shaping)]);
}

/** Lets a node send as it can. */
export async function unshape(inNetwork: readonly string[], signal: AbortSignal): Promise<void> {
  for (const { link } of shapingsIn(await tc(inNetwork, signal, ['-json', 'qdisc', 'show'])))
    await tc(inNetwork, signal, ['qdisc', 'del', 'dev', link, 'root']);
}

/** How what the node sends is shaped, as its kernel tells; undefined when it is not. */
export async function shapingOf(
  inNetwork: readonly string[],
  signal: AbortSignal,
): Promise<Shaping | undefined> {
  return shapingsIn(await tc(inNetwork, signal, ['-json', 'qdisc', 'show']))[0]?.shaping;
}

/** Refuses what this kernel cannot do, tried in a network that nobody uses; `inNetwork` is any node's. */
export async function requireShaping(
  inNetwork: readonly string[],
  shaping: Shaping,
  signal: AbortSignal,
): Promise<void> {
  const [kind, ...options] = disciplineOf(shaping);
  try {
    await tc([...inNetwork, 'unshare', '--net', '--'], signal, [
      ...['qdisc', 'add', 'dev', 'lo', 'root'],
      kind!,
      ...options,
    ]);
  } catch (error) {
    if (!(error instanceof NxcError) || signal.aborted) throw error;
    const emulates = kind === 'netem';
    throw new ShapingError({
      asked: `${emulates ? 'delay and loss' : 'a rate'} cannot be set on this machine; nothing was changed`,
      found: `tc ${kind}: ${error.parts.found?.split('\n')[0] ?? error.message}`,
      todo: `load the kernel's module (as root: modprobe sch_${kind})${emulates ? '; --rate alone needs no netem' : ''}`,
      cause: error,
    });
  }
}
