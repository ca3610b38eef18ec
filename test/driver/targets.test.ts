import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifier, shellQuote } from '../../src/driver/naming.js';
import { resolveTargets } from '../../src/driver/targets.js';
import { fourNodes } from './harness.js';

const names = (target: string) => resolveTargets(fourNodes, target).map(node => node.name);

describe('targets', () => {
  it.each([
    ['server', ['server']],
    ['@client', ['client-1', 'client-2']],
    ['*', ['server', 'client-1', 'client-2', 'class']],
    ['client-?', ['client-1', 'client-2']],
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
});

describe('names', () => {
  it('any node name becomes a variable of TypeScript and Python', () => {
    expect(['client-1', '1st', 'class', 'lambda', 'näh'].map(identifier)).toEqual([
      'client_1',
      '_1st',
      'class_',
      'lambda_',
      'n_h',
    ]);
  });

  it('a quoted word is one word to bash', async () => {
    const { execFileSync } = await import('node:child_process');
    fc.assert(
      fc.property(
        fc.string().filter(word => !word.includes('\0')),
        word => {
          const out = execFileSync('bash', ['-c', `printf %s ${shellQuote(word)}`]).toString();
          expect(out).toBe(Buffer.from(word).toString());
        },
      ),
      { numRuns: 30 },
    );
  });
});
