import { DockerError } from './errors.js';

/** An entry of a service's `ports` in compose's long form. */
interface LongPort {
  target: number | string;
  published?: number | string;
  protocol?: string;
  host_ip?: string;
}

export type Port = string | number | LongPort;

/** The same port on this machine's loopback only, unless an address is asked for: a node has well-known passwords and keys. */
export function onLoopback(port: Port): Port {
  if (typeof port === 'object') {
    if (port.host_ip !== undefined) return port;
    return `127.0.0.1:${port.published ?? ''}:${port.target}${port.protocol ? `/${port.protocol}` : ''}`;
  }
  const parts = partsOf(port);
  if (parts.length > 2) return port;
  return `127.0.0.1:${parts.length === 2 ? '' : ':'}${port}`;
}

/** Two nodes cannot have one port of this machine. */
export function checkPorts(
  nodes: ReadonlyArray<{ name: string; role: string; ports: readonly Port[] }>,
): void {
  const owners = new Map<string, { name: string; role: string }>();
  for (const node of nodes) {
    for (const port of node.ports) {
      const fixed = fixedPort(port);
      if (fixed === undefined) continue;
      const other = owners.get(fixed);
      if (other) {
        const container = partsOf(String(port)).at(-1);
        throw new DockerError({
          asked: `nodes ${other.name} and ${node.name} cannot both have port ${fixed} of this machine`,
          found: `dockerPorts of role ${node.role} has ${JSON.stringify(port)}`,
          todo: `in the composition, write "${container}" for any free port of each node, or a range: "${fixed}-${Number(fixed) + 9}:${container}"`,
        });
      }
      owners.set(fixed, node);
    }
  }
}

/** The port of this machine, when it is a certain one. */
function fixedPort(port: Port): string | undefined {
  const parts = partsOf(String(onLoopback(port)));
  const published = parts.at(-2) ?? '';
  return /^\d+$/.test(published) ? published : undefined;
}

/** At colons, an IPv6 address in brackets being one part. */
const partsOf = (port: string | number): string[] =>
  String(port).match(/\[[^\]]*\]|[^:[\]]+|(?<=:)(?=:)/g) ?? [];
