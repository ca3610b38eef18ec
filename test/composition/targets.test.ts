import { describe, expect, it } from 'vitest';
import { resolveTargets } from '../../src/composition/targets.js';
import { fourNodes } from '../driver/harness.js';

const names = (target: string) => resolveTargets(fourNodes, target).map(node => node.name);

describe('targets', () => {
  it.each([
    ['server', ['server']],
    ['@client', ['client-1', 'client-2']],
    ['*', ['server', 'client-1', 'client-2', 'class']],
    ['client-?', ['client-1', 'client-2']],
    ['client-[1-9]', ['client-1', 'client-2']],
    ['client-[!1]', ['client-2']],
    ['@*', ['server', 'client-1', 'client-2', 'class']],
    ['client-2, server,client-2', ['server', 'client-2']],
  ])('%s', (target, expected) => expect(names(target)).toEqual(expected));

  it.each([
    ['sever', /no node "sever"[\s\S]*mean server/],
    ['@clients', /no role "clients"[\s\S]*mean @client/],
    ['server,client-9', /no node "client-9"[\s\S]*client-1/],
    ['client.1', /no node/],
  ])('%s is an error with the nearest names', (target, message) => {
    expect(() => names(target)).toThrow(message);
  });

  it('an empty list means no node, and a list of no words is an error', () => {
    expect(resolveTargets(fourNodes, [])).toEqual([]);
    expect(names('')).toEqual([]);
    expect(() => names(',')).toThrow('no node is named');
  });
});
