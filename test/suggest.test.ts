import { expect, it } from 'vitest';
import { nearest } from '../src/suggest.js';

const known = ['client1', 'client2', '@client', 'server', 'db', 'web'];

it.each([
  ['clnt', ['client'], 'client'],
  ['clint', known, 'client1'],
  ['cilent', known, 'client1'],
  ['@clnt', known, '@client'],
  ['sevrer', known, 'server'],
  ['servr', known, 'server'],
  ['wbe', known, 'web'],
])('"%s" may mean, of %j, %s', (typed, names, meant) => {
  expect(nearest(typed, names)).toContain(meant);
});

it.each(['x', 'ab', 'foo', 'node', 'docker'])('"%s" is near to none of them', typed => {
  expect(nearest(typed, ['client1', '@client', 'server', 'web', 'metrics'])).toEqual([]);
});
