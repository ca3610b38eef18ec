import { describe, expect, it } from 'vitest';
import { checkPorts, onLoopback, type Port } from '../../../src/flavours/docker/ports.js';

const node = (name: string, ...ports: Port[]) => ({ name, role: name, ports });

describe('ports of this machine', () => {
  it('are those of the loopback, unless the composition says another address', () => {
    const ports: Port[] = ['80', '8080:80', '53:53/udp', '0.0.0.0:80:80', '[::1]:80:80', 80];
    expect(ports.map(onLoopback)).toEqual([
      '127.0.0.1::80',
      '127.0.0.1:8080:80',
      '127.0.0.1:53:53/udp',
      '0.0.0.0:80:80',
      '[::1]:80:80',
      '127.0.0.1::80',
    ]);
    expect(onLoopback({ target: 80, published: 8080, protocol: 'tcp' })).toBe('127.0.0.1:8080:80/tcp');
  });

  it.each<[string, Port, Port]>([
    ['protocol', '53:53/tcp', '53:53/udp'],
    ['address', '127.0.0.2:80:80', '127.0.0.3:80:80'],
    ['number', '8080:80', '8081:80'],
    ['choice of the engine', '80', '80'],
    ['range', '8080-8089:80', '8080-8089:80'],
  ])('are two when they differ in %s', (_, one, other) => {
    expect(() => checkPorts([node('a', one), node('b', other)])).not.toThrow();
    expect(() => checkPorts([node('a', one, other)])).not.toThrow();
  });

  it.each<[Port, Port, string]>([
    ['8080:80', '8080:80', '"8080-8089:80"'],
    ['0.0.0.0:80:80', '127.0.0.2:80:80', '"80-89:80"'],
    ['53:53/udp', { target: 53, published: 53, protocol: 'udp' }, 'write "53/udp"'],
  ])('belong to one node: %j and %j are the same', (one, other, advice) => {
    expect(() => checkPorts([node('a', one), node('b', other)])).toThrow(
      /nodes a and b cannot both have port/,
    );
    expect(() => checkPorts([node('a', one), node('b', other)])).toThrow(advice);
    expect(() => checkPorts([node('a', one, other)])).toThrow('node a cannot have port');
  });
});
