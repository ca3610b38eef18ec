import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distributeRoles, parseRoleOptions, readDistributionFile } from '../../src/composition/index.js';
import { temporaryFolder } from './temporary.js';

const names = (...args: Parameters<typeof distributeRoles>) =>
  distributeRoles(...args).map(node => node.name);

describe('roles become nodes', () => {
  it.each([
    ['one node called like its role', {}, ['client', 'server']],
    ['numbered nodes', { client: 3 }, ['client1', 'client2', 'client3', 'server']],
    ['a numbered node also when it is the only one', { server: 1 }, ['client', 'server1']],
    ['named nodes', { client: ['a', 'b'] }, ['a', 'b', 'server']],
    ['no node of a role', { client: 0 }, ['server']],
  ])('as %s', (_, distribution, expected) => {
    expect(names(['server', 'client'], distribution)).toEqual(expected);
  });

  it('with the first layer that names a role', () => {
    expect(names(['a', 'b', 'c'], { a: 2 }, { a: 3, b: ['x'] }, { b: 9, c: 1 })).toEqual([
      'a1',
      'a2',
      'x',
      'c1',
    ]);
  });

  it.each([
    [
      { clinet: 2 },
      'the composition has no role "clinet"\ndid you mean client?\nfound: roles server, client',
    ],
    [
      { client: ['a', 'A'] },
      'two nodes are called "A"\nfound: both in role client\nto do: give other names: -r client=name,name',
    ],
    [{ client: ['server'] }, 'two nodes are called "server"\nfound: roles client and server'],
    [
      { client: ['my.node'] },
      '"my.node" (role client) cannot be a host name: only letters, digits, and hyphens and underscores between them are allowed\ndid you mean my-node?',
    ],
    [{ client: ['a'.repeat(64)] }, 'it has 64 characters, at most 63 are allowed'],
    [{ client: ['localhost'] }, 'cannot be a host name: it means the machine itself'],
    [{ client: [''] }, 'only letters, digits, and hyphens and underscores between them are allowed'],
    [{ client: ['db_'] }, 'only letters, digits, and hyphens and underscores between them are allowed'],
    [
      { client: ['db-main', 'db_main'] },
      'the nodes "db-main" and "db_main" would be one variable in test scripts: db_main',
    ],
    [{ client: 0, server: 0 }, 'no role has a node'],
  ])('unless %j is wrong', (distribution, message) => {
    expect(() => names(['server', 'client'], distribution)).toThrow(message);
  });

  it('with as many distinct, valid host names as were asked for', () => {
    const label = fc.stringMatching(/^[a-z]([a-z0-9_]{0,8}[a-z])?$/);
    fc.assert(
      fc.property(fc.uniqueArray(label, { minLength: 1 }), fc.nat(20), (roles, amount) => {
        const nodes = distributeRoles(roles, { [roles[0]!]: amount + 1 });
        expect(nodes).toHaveLength(roles.length + amount);
        expect(new Set(nodes.map(node => node.name)).size).toBe(nodes.length);
      }),
    );
  });
});

describe('-r', () => {
  it('takes a number or names', () => {
    expect(parseRoleOptions(['client=3', 'server=alpha, beta'])).toEqual({
      client: 3,
      server: ['alpha', 'beta'],
    });
  });

  it.each([
    ['client', 'cannot read -r "client"\nto do: write -r role=3 or -r role=name,name'],
    ['=3', 'cannot read -r "=3"'],
    ['client=-1', 'role "client" is neither a number of nodes nor a list of host names\nfound: -1'],
  ])('explains %s', (word, message) => {
    expect(() => parseRoleOptions([word])).toThrow(message);
  });

  it('never takes a role twice', () => {
    expect(() => parseRoleOptions(['a=1', 'a=2'])).toThrow('role "a" is given twice with -r');
  });

  it('reads what it can and explains the rest, whatever the words', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), words => {
        try {
          const read = parseRoleOptions(words);
          expect(Object.keys(read)).toHaveLength(words.length);
        } catch (error) {
          expect(error).toMatchObject({ name: 'DistributionError' });
        }
      }),
    );
  });
});

describe('a roles file', () => {
  it('is YAML or JSON, with the tag !DefaultRole', async () => {
    const folder = temporaryFolder({
      'roles.yaml': 'client: 2\nserver: [a, b]\nnode: !DefaultRole 3\n',
      'roles.json': '{"client": 2, "server": ["a", "b"], "node": 3}',
    });
    const expected = { client: 2, server: ['a', 'b'], node: 3 };
    expect(await readDistributionFile(join(folder, 'roles.yaml'))).toEqual(expected);
    expect(await readDistributionFile(join(folder, 'roles.json'))).toEqual(expected);
  });

  it.each([
    ['client: [a', 'is not a valid roles file'],
    ['- a', 'is not a table role → number or list of host names'],
    ['client: two', 'role "client" in'],
    ['client: !Other 3', 'is not a valid roles file'],
    ['client: !DefaultRole many', 'is neither a number of nodes'],
    ['', 'is not a table role'],
  ])('that holds %j is explained', async (text, message) => {
    const file = join(temporaryFolder({ 'roles.yaml': text }), 'roles.yaml');
    await expect(readDistributionFile(file)).rejects.toThrow(message);
  });

  it('that is missing is explained, and -r where it was meant', async () => {
    await expect(readDistributionFile('/nowhere/client=3')).rejects.toThrow('with -r: -r client=3');
    await expect(readDistributionFile('/nowhere/roles.yaml')).rejects.toThrow(
      'cannot read the roles file /nowhere/roles.yaml',
    );
  });
});
