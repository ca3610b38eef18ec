import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** Of Linux where it does not say otherwise. */
const EPHEMERAL = 32_768;
/** Ports below belong to well-known services. */
const LOWEST = 10_000;
const TRIES = 1000;

/**
 * Distinct TCP ports of the loopback that were free a moment ago. Below those that the system gives to outgoing connections: a client
 * that knocks at such a port before its kernel listens may be given that very port for its own end, is connected to itself then,
 * and the kernel finds it taken.
 */
export async function freePorts(count: number): Promise<number[]> {
  const limit = Math.max(firstEphemeral(), LOWEST + 1000);
  const found = new Set<number>();
  for (let tries = 0; found.size < count && tries < TRIES; tries++) {
    const port = randomInt(LOWEST, limit);
    if (!found.has(port) && (await isFree(port))) found.add(port);
  }
  if (found.size < count) throw new Error(`no ${count} free ports between ${LOWEST} and ${limit}`);
  return [...found];
}

function firstEphemeral(): number {
  try {
    return (
      Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/)[0]) || EPHEMERAL
    );
  } catch {
    return EPHEMERAL;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
