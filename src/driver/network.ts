import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { InterruptedError, NxcError } from '../errors.js';

const run = promisify(execFile);

/**
 * Takes down every link of a node but the loopback. The kernel forgets the routes over a link with that, except the ones that
 * come with its addresses; so the others are kept where they outlive this process: in the link's alias.
 */
export async function unplug(inNetwork: readonly string[], signal: AbortSignal): Promise<void> {
  for (const link of await links(inNetwork, signal)) {
    if (!link.up) continue;
    const routes = (await ip(inNetwork, signal, ['route', 'show', 'dev', link.name]))
      .split('\n')
      .map(route => route.trim())
      .filter(route => route && !route.includes('proto kernel'));
    if (routes.length > 0) {
      await ip(inNetwork, signal, ['link', 'set', link.name, 'alias', `${mark}${routes.join(separator)}`]);
    }
    await ip(inNetwork, signal, ['link', 'set', link.name, 'down']);
  }
}

/** Undoes `unplug`. */
export async function plug(inNetwork: readonly string[], signal: AbortSignal): Promise<void> {
  for (const link of await links(inNetwork, signal)) {
    if (!link.up) await ip(inNetwork, signal, ['link', 'set', link.name, 'up']);
    if (!link.alias?.startsWith(mark)) continue;
    for (const route of link.alias.slice(mark.length).split(separator)) {
      await ip(inNetwork, signal, ['route', 'replace', ...route.split(/\s+/), 'dev', link.name]);
    }
    await ip(inNetwork, signal, ['link', 'set', link.name, 'alias', '']);
  }
}

const mark = 'nxc routes: ';
const separator = '; ';

interface Link {
  name: string;
  up: boolean;
  alias?: string;
}

async function links(inNetwork: readonly string[], signal: AbortSignal): Promise<Link[]> {
  const found = JSON.parse(await ip(inNetwork, signal, ['-json', 'link', 'show'])) as Array<{
    ifname: string;
    flags: string[];
    ifalias?: string;
  }>;
  return found
    .filter(({ flags }) => !flags.includes('LOOPBACK'))
    .map(({ ifname, flags, ifalias }) => ({
      name: ifname,
      up: flags.includes('UP'),
      ...(ifalias === undefined ? {} : { alias: ifalias }),
    }));
}

async function ip(inNetwork: readonly string[], signal: AbortSignal, args: string[]): Promise<string> {
  const [program, ...words] = [...inNetwork, 'ip', ...args];
  try {
    return (await run(program!, words, { signal })).stdout;
  } catch (cause) {
    if (signal.aborted) throw new InterruptedError();
    const { code, stderr, message } = cause as Error & { code?: unknown; stderr?: string };
    throw new NxcError({
      asked: `the network of a node cannot be changed: ip ${args.join(' ')}`,
      found: stderr?.trim() || message,
      ...(code === 'ENOENT' ? { todo: 'install iproute2 (Debian: apt install iproute2)' } : {}),
      cause,
    });
  }
}
