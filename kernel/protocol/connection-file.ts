import { randomBytes } from 'node:crypto';
import { rmdirSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConnectionError } from './errors.js';

export const CHANNELS = ['shell', 'iopub', 'stdin', 'control', 'hb'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Bytes of `sun_path` (unix(7)), without the number of the channel. */
const LONGEST_SOCKET_PATH = 100;

/** Where a kernel's sockets are and how its messages are signed. */
export interface Connection {
  transport: 'tcp' | 'ipc';
  /** Address for tcp; path prefix of the sockets for ipc. */
  ip: string;
  ports: Record<Channel, number>;
  /** HMAC key; empty turns signatures off. */
  key: string;
  /** Z85 keys of CurveZMQ. Kernel and clients share the one pair: https://jupyter.org/enhancement-proposals/transport-encryption */
  curve?: { publicKey: string; secretKey: string };
  kernelName?: string;
}

/** Socket address of a channel. */
export function endpoint({ transport, ip, ports }: Connection, channel: Channel): string {
  if (transport === 'ipc') return `ipc://${ip}-${ports[channel]}`;
  return `tcp://${ip.includes(':') ? `[${ip}]` : ip}:${ports[channel]}`;
}

/** Throws ConnectionError when the file is missing, is no JSON, or says something that cannot be. */
export async function readConnectionFile(path: string): Promise<Connection> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new ConnectionError({
      asked: `the connection file ${path} cannot be read`,
      found: cause.code ?? cause.message,
      todo: 'give the file that the front-end wrote: nxc kernel start -f FILE',
      cause,
    });
  });
  return parseConnection(text, path);
}

/** `origin` names the file in errors. */
export function parseConnection(text: string, origin: string): Connection {
  const fields = parseFields(text, origin);
  const { transport = 'tcp', ip = '127.0.0.1', key = '', signature_scheme: scheme = 'hmac-sha256' } = fields;
  const { curve_publickey: publicKey, curve_secretkey: secretKey, kernel_name: kernelName } = fields;
  const wrong = (field: string, found: unknown, todo: string) =>
    new ConnectionError({
      asked: `${field} in the connection file ${origin} is wrong`,
      found: found === undefined ? 'nothing' : JSON.stringify(found),
      todo,
    });

  if (transport !== 'tcp' && transport !== 'ipc') throw wrong('transport', transport, 'use "tcp" or "ipc"');
  if (typeof ip !== 'string' || ip === '') throw wrong('ip', ip, 'give an address such as "127.0.0.1"');
  if (typeof key !== 'string') throw wrong('key', key, 'give a string');
  if (key !== '' && scheme !== 'hmac-sha256') throw wrong('signature_scheme', scheme, 'use "hmac-sha256"');
  const ports = Object.fromEntries(
    CHANNELS.map(channel => {
      const port = fields[`${channel}_port`];
      if (!isPort(port)) throw wrong(`${channel}_port`, port, 'give a number from 1 to 65535');
      return [channel, port];
    }),
  ) as Record<Channel, number>;
  if ((publicKey ?? null) === null && (secretKey ?? null) === null) {
    return { transport, ip, ports, key, ...nameOf(kernelName) };
  }
  if (!isCurveKey(publicKey))
    throw wrong('curve_publickey', publicKey, 'give 40 characters of Z85, or neither key');
  if (!isCurveKey(secretKey))
    throw wrong('curve_secretkey', '(hidden)', 'give 40 characters of Z85, or neither key');
  return { transport, ip, ports, key, curve: { publicKey, secretKey }, ...nameOf(kernelName) };
}

/** A connection for a kernel of this machine: loopback, ports that were free a moment ago, a random key. */
export async function freshConnection(kernelName?: string): Promise<Connection> {
  // A kernel that starts only reads its connection file, and the network modules would be a tenth of its start.
  const { freePorts } = await import('./free-ports.js');
  const numbers = await freePorts(CHANNELS.length);
  const ports = Object.fromEntries(CHANNELS.map((channel, i) => [channel, numbers[i]])) as Record<
    Channel,
    number
  >;
  return {
    transport: 'tcp',
    ip: '127.0.0.1',
    ports,
    key: freshKey(),
    ...nameOf(kernelName),
  };
}

/**
 * A connection for a kernel and a client that share a folder: sockets in it, which nobody else can open or take, unlike ports. Where
 * the path is too long for a socket it is a `freshConnection`.
 */
export async function connectionIn(folder: string): Promise<Connection> {
  const ip = join(folder, 'kernel');
  if (Buffer.byteLength(ip) > LONGEST_SOCKET_PATH) return freshConnection();
  const ports = { shell: 1, iopub: 2, stdin: 3, control: 4, hb: 5 };
  return { transport: 'ipc', ip, ports, key: freshKey() };
}

function freshKey(): string {
  return randomBytes(32).toString('hex');
}

/** Writes it as Jupyter does, readable by its owner only; refuses to touch a file that exists. */
export async function writeConnectionFile(path: string, connection: Connection): Promise<void> {
  const { transport, ip, ports, key, curve, kernelName } = connection;
  const fields = {
    ...Object.fromEntries(CHANNELS.map(channel => [`${channel}_port`, ports[channel]])),
    ip,
    key,
    transport,
    signature_scheme: 'hmac-sha256',
    kernel_name: kernelName ?? '',
    ...(curve ? { curve_publickey: curve.publicKey, curve_secretkey: curve.secretKey } : {}),
  };
  await writeFile(path, `${JSON.stringify(fields, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
}

/** Removes the file and its sockets, and the folder that they were alone in. */
export function removeConnection(path: string, { transport, ip, ports }: Connection): void {
  rmSync(path, { force: true });
  if (transport === 'ipc') for (const channel of CHANNELS) rmSync(`${ip}-${ports[channel]}`, { force: true });
  try {
    rmdirSync(dirname(path));
  } catch {
    // There is more in it, which is not ours.
  }
}

function parseFields(text: string, origin: string): Record<string, unknown> {
  let fields: unknown;
  let found = 'something that is not an object';
  try {
    fields = JSON.parse(text);
  } catch (error) {
    // The parser's message may quote the file, and with it the key.
    found = `invalid JSON (${/at position \d+|end of JSON input/.exec((error as Error).message)?.[0] ?? 'broken'})`;
  }
  if (typeof fields === 'object' && fields !== null && !Array.isArray(fields))
    return fields as Record<string, unknown>;
  throw new ConnectionError({
    asked: `the connection file ${origin} is broken`,
    found,
    todo: 'start the kernel from a front-end, or write the file again',
  });
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 65536;
}

function isCurveKey(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9A-Za-z.\-:+=^!/*?&<>()[\]{}@%$#]{40}$/.test(value);
}

function nameOf(kernelName: unknown): { kernelName?: string } {
  return typeof kernelName === 'string' && kernelName !== '' ? { kernelName } : {};
}
