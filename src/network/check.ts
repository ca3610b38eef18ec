import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { assetPath } from '../assets.js';
import { InterruptedError, NxcError } from '../errors.js';
import type { Shaping } from './shaping.js';

export interface Measured {
  /** Bits a second that a TCP stream delivered; headers, which count for what is set, are not in it. */
  rate: number;
  /** Median, milliseconds; absent when nothing came back. */
  roundTrip?: number;
  /** Part of the datagrams that did not arrive, from 0 to 1. */
  loss: number;
}

/** Milliseconds of a TCP stream that are measured. */
const streamMs = 1500;
/** Most datagrams whose loss is counted, and milliseconds that sending them takes. */
const datagrams = { most: 2000, ms: 2000 };
/** Bits of a datagram with its headers on the wire. */
const datagramBits = 60 * 8;

/** Measures what arrives at one node of what another one sends; both are given by their networks. Takes about four seconds. */
export async function measure(
  from: { inNetwork: readonly string[]; shaping?: Shaping },
  to: { inNetwork: readonly string[]; address: string },
  signal: AbortSignal,
): Promise<Measured> {
  const probe = (inNetwork: readonly string[], words: readonly string[]) => {
    const [program, ...args] = [...inNetwork, process.execPath, assetPath('src/network/probe.cjs'), ...words];
    return { program: program!, args };
  };
  // A quarter of the rate, so that a queue that overflows is not taken for loss.
  const pause = from.shaping?.rate === undefined ? 0 : (4 * datagramBits * 1000) / from.shaping.rate;
  const count = Math.min(datagrams.most, Math.max(20, Math.floor(datagrams.ms / Math.max(1, pause))));
  const serve = probe(to.inNetwork, ['serve']);
  const server = spawn(serve.program, serve.args, { stdio: ['pipe', 'pipe', 'inherit'], signal });
  server.on('error', () => {});
  try {
    const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
    const told = async () => {
      const { value } = await lines.next();
      if (value === undefined) throw new NxcError({ asked: `nothing can be measured at ${to.address}` });
      return JSON.parse(value) as Record<string, number>;
    };
    const { port } = await told();
    const ask = probe(from.inNetwork, ['ask', to.address, ...[port, count, pause, streamMs].map(String)]);
    const { stdout } = await promisify(execFile)(ask.program, ask.args, { signal });
    const { roundTripMs } = JSON.parse(stdout) as { roundTripMs?: number };
    server.stdin.end();
    const { received = 0, bitsPerSecond = 0 } = await told();
    return {
      rate: bitsPerSecond,
      loss: Math.max(0, 1 - received / count),
      ...(roundTripMs === undefined ? {} : { roundTrip: roundTripMs }),
    };
  } catch (error) {
    if (signal.aborted) throw new InterruptedError();
    throw error;
  } finally {
    server.kill('SIGKILL');
    if (server.exitCode === null && server.signalCode === null) await once(server, 'close').catch(() => {});
  }
}
