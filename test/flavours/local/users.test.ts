import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UserSpec } from '../../../src/composition/role-spec.js';
import { sha512Crypt } from '../../../src/composition/sha512-crypt.js';
import { missing, role, service, TestDeployment } from './deployment.js';

const user = (name: string, changes: Partial<UserSpec> = {}): UserSpec => ({
  name,
  group: 'users',
  extraGroups: [],
  home: `/home/${name}`,
  createHome: true,
  isNormalUser: true,
  shell: '/bin/bash',
  description: '',
  authorizedKeys: [],
  ...changes,
});

/** A number that this machine gave somebody. */
const taken = readFileSync('/etc/passwd', 'utf8')
  .split('\n')
  .map(line => line.split(':'))
  .find(([name, , uid]) => name !== 'root' && Number(uid) > 0)!;

describe.skipIf(await missing('root'))('the users of a node (isolation root)', () => {
  let node: TestDeployment;
  const run = async (command: string) => {
    const { status, stdout, stderr } = await node.exec('n', command);
    return [status, stdout.toString(), stderr.toString()];
  };
  const text = (command: string) => node.text('n', command);

  beforeAll(async () => {
    node = await TestDeployment.start(
      'root',
      [
        role({
          variables: { COLOUR: 'blue' },
          users: [
            user('ann', { extraGroups: ['lab'], hashedPassword: sha512Crypt('secret', 'salt') }),
            user('u1', { home: '/users/u1' }),
            user('twin', { uid: Number(taken[2]) }),
            user('robot', { isNormalUser: false, shell: undefined, home: '/var/empty', createHome: false }),
            user('root', { hashedPassword: sha512Crypt('rootword', 'salt'), home: '/root' }),
          ],
          groups: [{ name: 'lab', gid: 4321, members: [] }],
          units: [service('who', 'id -un; id -gn; echo "$HOME"', { user: 'ann', group: 'lab' })],
        }),
      ],
      [{ name: 'n', role: 'foo' }],
    );
  });
  afterAll(() => node?.stop());

  it.each([
    ['su - ann -c "id -un"', 'ann\n'],
    ['su ann -c "id -un"', 'ann\n'],
    ['su ann -s /bin/sh -c "id -un"', 'ann\n'],
    ['runuser -u ann -- id -un', 'ann\n'],
    ['runuser -l ann -c "id -un"', 'ann\n'],
    ['su - u1 -c "touch ~/x && stat -c %U:%G:%n ~/x"', 'u1:users:/users/u1/x\n'],
    ['su - ann -c "echo \\$COLOUR \\$PWD"', 'blue /home/ann\n'],
    ['su - ann -c "id -nG"', 'users lab\n'],
  ])('are who root becomes with `%s`', async (command, output) => {
    expect(await run(command)).toEqual([0, output, '']);
  });

  it('have the names and numbers that the role gives, also where this machine has the number', async () => {
    expect(await text(`id -un ${taken[2]}; su twin -c 'id -un; id -u'`)).toBe(`twin\ntwin\n${taken[2]}\n`);
    expect(await text(`getent passwd ${taken[2]} | cut -d: -f1,6`)).toBe('twin:/home/twin\n');
    expect(await text('getent group lab')).toBe('lab:x:4321:ann\n');
  });

  it('own their homes, which are closed to others', async () => {
    expect(await text('stat -c %U:%a /home/ann /users/u1 /users')).toBe('ann:700\nu1:700\nroot:755\n');
  });

  it('know a password only when the role gives one', async () => {
    expect(await text('getent shadow u1')).toBe('u1:!:1::::::\n');
    expect((await text('getent shadow ann')).split(':')[1]).toBe(sha512Crypt('secret', 'salt'));
    expect(await text('su - u1 -c \'echo secret | su ann -c "id -un" 2>/dev/null\'')).toBe('ann\n');
    expect(await text('su - u1 -c \'echo rootword | su -c "id -un" 2>/dev/null\'')).toBe('root\n');
    expect((await run("su - ann -c 'echo secret | su u1 -c true'"))[0]).not.toBe(0);
    expect(await text('stat -c %a /etc/shadow')).toBe('640\n');
    expect((await run("su - ann -c 'cat /etc/shadow'"))[0]).not.toBe(0);
  });

  it('of services may not log in, but run what root runs as them', async () => {
    expect((await run('su - robot -c true'))[0]).not.toBe(0);
    expect(await text('runuser -u robot -- id -un')).toBe('robot\n');
  });

  it('run the units that name them', async () => {
    expect(await text('journalctl -u who -o cat')).toContain('ann\nlab\n/home/ann\n');
  });
});

describe.skipIf(await missing('root'))('the programs of a node', () => {
  it('are in /run/current-system/sw/bin, and are the same by every path', async () => {
    await using node = await TestDeployment.start(
      'root',
      [role({ users: [user('ann')], units: [service('web', 'exec sleep 1000')] })],
      [{ name: 'n', role: 'foo' }],
    );
    const text = (command: string) => node.text('n', command);
    for (const program of ['systemctl', '/usr/bin/systemctl', '/run/current-system/sw/bin/systemctl'])
      expect([program, await text(`${program} is-active web`)]).toEqual([program, 'active\n']);
    expect(await text("su - ann -c 'systemctl is-active web'")).toBe('active\n');
    expect(await text("/run/current-system/sw/bin/bash -lc 'type -P journalctl'")).toBe(
      '/etc/nxc/bin/journalctl\n',
    );
  });
});
