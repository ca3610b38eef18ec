import { describe, expect, it } from 'vitest';
import { accountsOf } from '../../../src/flavours/local/accounts.js';
import { mountsOf, visibleMounts } from '../../../src/flavours/local/mounts.js';
import { addressOf } from '../../../src/flavours/local/network.js';
import { outermost } from '../../../src/flavours/local/root-plan.js';
import { RunFolder } from '../../../src/flavours/local/run-folder.js';

describe('addresses of nodes', () => {
  it('are different and usable for a thousand nodes', () => {
    const all = Array.from({ length: 1000 }, (_, i) => addressOf(i, 'root', '01234567'));
    expect(new Set(all).size).toBe(1000);
    expect(all[0]).toBe('10.0.1.1');
    expect(all.every(address => address.split('.').every(part => Number(part) <= 254))).toBe(true);
    expect(all.some(address => address.endsWith('.0'))).toBe(false);
  });
});

describe('addresses of plain nodes', () => {
  const runs = ['00000000', 'ffffffff', '4d010203', '4d020203', '7f3a9c11'];

  it('differ between deployments and leave localhost alone', () => {
    const all = runs.flatMap(run => Array.from({ length: 250 }, (_, i) => addressOf(i, 'plain', run)));
    expect(new Set(all).size).toBe(all.length);
    expect(all.filter(address => !/^127\.(6[4-9]|[7-9]\d|1\d\d|2[0-4]\d|25[0-3])\./.test(address))).toEqual(
      [],
    );
  });
});

describe('accounts of a role', () => {
  const passwd = 'root:x:0:0:root:/root:/bin/bash\nold:x:1000:100::/home/old:/bin/bash\n';
  const group = 'root:x:0:\nusers:x:100:old\n';
  const user = {
    name: 'new',
    extraGroups: ['wheel', 'users'],
    home: '/home/new',
    createHome: true,
    isNormalUser: true,
    shell: '/bin/zsh',
    description: 'with: colon',
    authorizedKeys: [],
  };

  it('get free numbers beside those of the machine', () => {
    const { passwd: made, group: groups } = accountsOf({ users: [user], groups: [] }, passwd, group);
    expect(made).toBe(`${passwd}new:x:1001:100:with  colon:/home/new:/bin/zsh\n`);
    expect(groups).toBe('root:x:0:\nusers:x:100:old,new\nwheel:x:400:new\n');
  });

  it('leave a user of the machine as it is', () => {
    expect(accountsOf({ users: [{ ...user, name: 'root' }], groups: [] }, passwd, group).added).toEqual([]);
  });

  it('take the name or number of a user that the machine has', () => {
    const users = [
      { ...user, uid: 1000, home: '/here' },
      { ...user, name: 'daemon', isNormalUser: false, home: '/var/empty', shell: undefined },
    ];
    const machine = `${passwd}daemon:x:1:1::/usr/sbin:/usr/sbin/nologin\n`;
    expect(accountsOf({ users, groups: [] }, machine, group).passwd).toBe(
      [
        'root:x:0:0:root:/root:/bin/bash',
        'new:x:1000:100:with  colon:/here:/bin/zsh',
        'daemon:x:1:1:with  colon:/usr/sbin:/usr/sbin/nologin',
        '',
      ].join('\n'),
    );
  });

  it('take a group number that the machine has', () => {
    const groups = [{ name: 'lab', gid: 100, members: ['root'] }];
    expect(accountsOf({ users: [], groups }, passwd, group).group).toBe('root:x:0:\nlab:x:100:root\n');
  });

  it('never share a number that another user of the role was given', () => {
    const users = [user, { ...user, name: 'other', uid: 1001 }];
    const { declared } = accountsOf({ users, groups: [] }, passwd, group);
    expect(declared.map(({ uid }) => uid)).toEqual([1002, 1001]);
  });

  it('are locked for login unless the role gives a password, those of the machine too', () => {
    const users = [
      { ...user, hashedPassword: '$6$a$b' },
      { ...user, name: 'root', hashedPassword: '' },
    ];
    expect(accountsOf({ users, groups: [] }, passwd, group).shadow).toBe(
      'root::1::::::\nold:!:1::::::\nnew:$6$a$b:1::::::\n',
    );
  });

  it('keep the numbers that the role gives', () => {
    const groups = [{ name: 'lab', gid: 4000, members: ['old'] }];
    const { added, group: made } = accountsOf(
      { users: [{ ...user, uid: 1234, group: 'lab' }], groups },
      passwd,
      group,
    );
    expect(added[0]).toMatchObject({ uid: 1234, gid: 4000 });
    expect(made).toContain('lab:x:4000:old\n');
  });
});

describe('mounts of the machine that a node sees', () => {
  const parse = (...lines: string[]) => visibleMounts(lines.join('\n'));
  const mount = (path: string) => `30 22 0:26 / ${path} rw,nosuid,relatime - tmpfs tmpfs rw`;

  it('are folders outside what a node has of its own, the outermost of each', () => {
    const paths = [
      '/',
      '/proc',
      '/dev/shm',
      '/run/user/0',
      '/usr',
      '/usr/lib',
      '/nosuchfolder',
      '/etc/passwd',
    ];
    expect(outermost(parse(...paths.map(mount)))).toEqual(['/usr']);
  });

  it('bring what is mounted in them, whatever its name, with what must stay forbidden there', () => {
    const mounts = parse(
      '22 1 8:1 / / rw,nodev - ext4 /dev/sda1 rw',
      '30 22 0:26 / /usr/a\\040file rw,nosuid,noexec - tmpfs tmpfs rw',
    );
    expect(mountsOf('/usr', mounts)).toEqual([
      { path: '/usr', flags: ['nodev'] },
      { path: '/usr/a file', flags: ['nosuid', 'noexec'] },
    ]);
  });

  it('are not those that a later one hides', () => {
    const mounts = parse(
      '22 1 8:1 / / rw - ext4 /dev/sda1 rw',
      '30 22 0:26 / /usr rw - tmpfs old rw',
      '31 30 0:27 / /usr/lib rw - tmpfs old rw',
      '32 30 0:28 / /usr rw,nodev - tmpfs new rw',
      '33 32 0:29 / /usr/bin rw - tmpfs new rw',
    );
    expect(mounts.map(({ path }) => path)).toEqual(['/', '/usr', '/usr/bin']);
    expect(mounts[1]!.flags).toEqual(['nodev']);
  });
});

describe('a runtime folder', () => {
  it.each(['../victim', '', '.', 'ABCDEF01', '0123456', '01234567/..'])('is none for the run %j', run => {
    expect(() => new RunFolder(run)).toThrow('is not a run');
  });
});
