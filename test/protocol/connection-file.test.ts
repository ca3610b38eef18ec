import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  connectionIn,
  endpoint,
  freshConnection,
  parseConnection,
  readConnectionFile,
  removeConnection,
  writeConnectionFile,
} from '../../kernel/protocol/connection-file.js';
import { ConnectionError } from '../../kernel/protocol/errors.js';
import { temporaryFolder } from '../helpers/temporary.js';

const good = {
  shell_port: 1001,
  iopub_port: 1002,
  stdin_port: 1003,
  control_port: 1004,
  hb_port: 1005,
  ip: '127.0.0.1',
  key: 'abc',
  transport: 'tcp',
  signature_scheme: 'hmac-sha256',
  kernel_name: 'nxc',
};
const parse = (changes: object) => parseConnection(JSON.stringify({ ...good, ...changes }), 'k.json');

describe('a connection file', () => {
  it('is removed with its sockets and the folder that was made for them', async () => {
    const folder = join(await temporaryFolder(), 'own');
    mkdirSync(folder);
    const connection = await connectionIn(folder);
    await writeConnectionFile(join(folder, 'k.json'), connection);
    writeFileSync(`${connection.ip}-1`, '');
    removeConnection(join(folder, 'k.json'), connection);
    expect(existsSync(folder)).toBe(false);
  });

  it('is all that is removed of a folder in which more lies', async () => {
    const folder = await temporaryFolder();
    writeFileSync(join(folder, 'thesis.tex'), '');
    const connection = await freshConnection();
    await writeConnectionFile(join(folder, 'k.json'), connection);
    removeConnection(join(folder, 'k.json'), connection);
    expect(readdirSync(folder)).toEqual(['thesis.tex']);
  });

  it('is read back as it was written, by its owner only', async () => {
    const path = join(await temporaryFolder(), 'k.json');
    const fresh = await freshConnection('nxc');
    await writeConnectionFile(path, fresh);
    expect(await readConnectionFile(path)).toEqual(fresh);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(new Set(Object.values(fresh.ports)).size).toBe(5);
    // Where outgoing connections have theirs a client that knocks early may connect to itself.
    const [ephemeral] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split('\t');
    expect(Math.max(...Object.values(fresh.ports))).toBeLessThan(Number(ephemeral));
    await expect(writeConnectionFile(path, fresh)).rejects.toThrow('EEXIST');
  });

  it('for a kernel with its client has sockets in their folder, or ports where that path is too long', async () => {
    const folder = await temporaryFolder();
    const near = await connectionIn(folder);
    expect(endpoint(near, 'shell')).toBe(`ipc://${folder}/kernel-1`);
    expect(near.key).toMatch(/^\w{64}$/);
    expect(await connectionIn(`/${'ü'.repeat(50)}`)).toMatchObject({ transport: 'tcp', ip: '127.0.0.1' });
  });

  it('leads to the addresses of tcp, IPv6 and ipc sockets', () => {
    expect(endpoint(parse({}), 'shell')).toBe('tcp://127.0.0.1:1001');
    expect(endpoint(parse({ ip: '::1' }), 'hb')).toBe('tcp://[::1]:1005');
    expect(endpoint(parse({ transport: 'ipc', ip: '/run/k' }), 'iopub')).toBe('ipc:///run/k-1002');
  });

  it('carries CurveZMQ keys', () => {
    const keys = { curve_publickey: 'a'.repeat(40), curve_secretkey: 'b'.repeat(40) };
    expect(parse(keys).curve).toEqual({ publicKey: 'a'.repeat(40), secretKey: 'b'.repeat(40) });
    expect(parse({ curve_publickey: null, curve_secretkey: null }).curve).toBeUndefined();
  });

  it.each([
    ['shell_port', { shell_port: '1001' }],
    ['hb_port', { hb_port: 65536 }],
    ['control_port', { control_port: undefined }],
    ['transport', { transport: 'udp' }],
    ['ip', { ip: '' }],
    ['key', { key: 7 }],
    ['signature_scheme', { signature_scheme: 'hmac-md5' }],
    ['curve_secretkey', { curve_publickey: 'a'.repeat(40), curve_secretkey: 'short' }],
    ['curve_publickey', { curve_secretkey: 'b'.repeat(40) }],
  ])('names %s when it is wrong', (field, changes) => {
    expect(() => parse(changes)).toThrow(ConnectionError);
    expect(() => parse(changes)).toThrow(`${field} in the connection file k.json is wrong`);
  });

  it('says that it is broken without quoting its key', () => {
    const cut = '{"key": "topsecret", "ip": ';
    expect(() => parseConnection(cut, 'k.json')).toThrow(/k\.json is broken/);
    expect(() => parseConnection(cut, 'k.json')).not.toThrow(/topsecret/);
    expect(() => parseConnection('[]', 'k.json')).toThrow(/not an object/);
  });

  it('says that it is missing', async () => {
    await expect(readConnectionFile('/nowhere/k.json')).rejects.toThrow(
      /cannot be read\nfound: ENOENT\nto do: /,
    );
  });
});
