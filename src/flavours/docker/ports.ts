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
  if (typeof port === 'object') return port.host_ip === undefined ? short(port) : port;
  const parts = partsOf(port);
  if (parts.length > 2) return port;
  return `127.0.0.1:${parts.length === 2 ? '' : ':'}${port}`;
}

/** Nobody can have a port of this machine that somebody has. */
export function checkPorts(
  nodes: ReadonlyArray<{ name: string; role: string; ports: readonly Port[] }>,
): void {
  const owners: Array<Published & { node: string }> = [];
  for (const node of nodes) {
    for (const port of node.ports) {
      const published = publishedBy(port);
      if (published === undefined) continue;
      const { number, inside } = published;
      const owner = owners.find(other => collide(other, published));
      if (owner) {
        const both = `nodes ${owner.node} and ${node.name} cannot both have port ${number} of this machine`;
        throw new DockerError({
          asked:
            owner.node === node.name
              ? `node ${node.name} cannot have port ${number} of this machine twice`
              : both,
          found: `dockerPorts of role ${node.role} has ${JSON.stringify(port)}`,
          todo: `in the composition, write "${inside}" for any free port of each node, or a range: "${number}-${number + 9}:${inside}"`,
        });
      }
      owners.push({ ...published, node: node.name });
    }
  }
}

/** A certain port of this machine. */
interface Published {
  address: string;
  number: number;
  protocol: string;
  /** The node's own port, as it is written. */
  inside: string;
}

/** Undefined for a port that the engine chooses. */
function publishedBy(port: Port): Published | undefined {
  const written = typeof port === 'object' ? short(port) : onLoopback(port);
  const [address = '', number = '', inside = ''] = partsOf(String(written));
  if (!/^\d+$/.test(number)) return undefined;
  return { address, number: Number(number), protocol: inside.split('/')[1] ?? 'tcp', inside };
}

const everywhere = ['0.0.0.0', '[::]'];

const collide = (one: Published, other: Published): boolean =>
  one.number === other.number &&
  one.protocol === other.protocol &&
  (one.address === other.address || everywhere.includes(one.address) || everywhere.includes(other.address));

/** In compose's short form. */
function short({ host_ip = '127.0.0.1', published = '', target, protocol }: LongPort): string {
  const address = host_ip.includes(':') ? `[${host_ip}]` : host_ip;
  return `${address}:${published}:${target}${protocol ? `/${protocol}` : ''}`;
}

/** At colons, an IPv6 address in brackets being one part. */
const partsOf = (port: string | number): string[] =>
  String(port).match(/\[[^\]]*\]|[^:[\]]+|(?<=:)(?=:)/g) ?? [];
