/**
 * The folder: what is done to the network of nodes while a deployment runs. Cables are pulled (cable.ts), groups of nodes cut off
 * from each other (partition.ts), links made slow and lossy (shaping.ts, shape.ts) and measured (check.ts). All of it goes
 * through the flavour's `inNetwork` with ip and tc of this machine, and what is set is read from the kernel: nothing here
 * remembers it. src/faults is the way in.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { InterruptedError, NxcError } from '../errors.js';

export interface Link {
  name: string;
  up: boolean;
  alias?: string;
}

/** Runs `ip` in a node's network, given what it reads; `inNetwork` is the flavour's. Resolves to what it prints. */
export const ip = (
  inNetwork: readonly string[],
  signal: AbortSignal,
  args: readonly string[],
  input = '',
): Promise<string> => tool('ip', inNetwork, signal, args, input);

export const tc = (
  inNetwork: readonly string[],
  signal: AbortSignal,
  args: readonly string[],
): Promise<string> => tool('tc', inNetwork, signal, args, '');

/** The links of a node but the loopback. */
export async function links(inNetwork: readonly string[], signal: AbortSignal): Promise<Link[]> {
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

async function tool(
  name: 'ip' | 'tc',
  inNetwork: readonly string[],
  signal: AbortSignal,
  args: readonly string[],
  input: string,
): Promise<string> {
  const [program, ...words] = [...inNetwork, name, ...args];
  try {
    const running = promisify(execFile)(program!, words, { signal });
    // A program that cannot be started reads nothing; that it was not is told by its own error.
    running.child.stdin!.on('error', () => {}).end(input);
    return (await running).stdout;
  } catch (cause) {
    if (signal.aborted) throw new InterruptedError();
    const { code, stderr, message } = cause as Error & { code?: unknown; stderr?: string };
    // 127 is env's word for a program that is not there.
    const missing = code === 'ENOENT' || code === 127;
    throw new NxcError({
      asked: `the network of a node cannot be changed: ${name} ${args.join(' ')}`,
      found: stderr?.trim() || message,
      ...(missing ? { todo: 'install iproute2 (Debian: apt install iproute2)' } : {}),
      cause,
    });
  }
}
