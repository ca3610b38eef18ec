import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SHELL_FILE } from '../../../src/composition/role-spec.js';
import { InterruptedError } from '../../../src/errors.js';
import { counters as readCounters } from '../../../src/flavours/local/counters.js';
import { local } from '../../../src/flavours/local/index.js';
import type { Isolation } from '../../../src/flavours/local/isolation.js';
import { rootPlan } from '../../../src/flavours/local/root-plan.js';
import { firstHome } from '../../../src/flavours/runtime-home.js';
import { quote } from '../../../src/process/quote.js';
import { TransportError } from '../../../src/transports/errors.js';
import { until } from '../../helpers/until.js';
import { missing, role, service, TestDeployment } from './deployment.js';

const isolations: Isolation[] = ['root', 'user', 'plain'];
const reasons = new Map(
  await Promise.all(isolations.map(async kind => [kind, await missing(kind)] as const)),
);
const runtime = (run: string): string => join(firstHome(), run);

/** Processes of a deployment that this machine still has. */
function processesOf(run: string): string[] {
  return readdirSync('/proc').filter(pid => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      if (readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')) return false;
      return ['cmdline', 'environ'].some(file => readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(run));
    } catch {
      return false;
    }
  });
}

const httpServer = `exec node -e 'require("http").createServer((q, r) => r.end(process.env.GREETING + "\\n")).listen(8080)'`;
const get = (host: string) =>
  `exec 3<>/dev/tcp/${host}/8080; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; tail -n 1 <&3`;

for (const isolation of isolations) {
  const reason = reasons.get(isolation);
  const title = `nodes with isolation ${isolation}${reason ? ` (skipped: ${reason})` : ''}`;
  describe.skipIf(reason)(title, () => {
    let deployment: TestDeployment;

    beforeAll(async () => {
      const server = role({
        role: 'server',
        units: [service('web', httpServer, { environment: { GREETING: "it's me" }, path: [nodeFolder] })],
      });
      const client = role({
        role: 'client',
        etc: {
          'app/config': { text: 'key = 1\n', mode: '0640', user: 'root', group: 'root' },
          [SHELL_FILE]: { text: "alias greet='echo hello'\n", mode: '0644', user: 'root', group: 'root' },
        },
        variables: { GREETING: 'a "b" $c' },
        users: [user('alice')],
        units: [service('mine', 'echo "I am $USER"; exec sleep 1000', { user: 'alice' })],
        extraHosts: '10.9.8.7 elsewhere',
        sharedDirs: ['/data'],
      });
      const nodes = [
        { name: 'server', role: 'server' },
        { name: 'client1', role: 'client' },
        { name: 'client2', role: 'client' },
      ];
      deployment = await TestDeployment.start(isolation, [server, client], nodes);
    });
    afterAll(() => deployment?.stop());

    it('are running, each at its own address', async () => {
      const status = await local.status(deployment.record);
      expect(status.map(({ name, state }) => [name, state])).toEqual([
        ['server', 'running'],
        ['client1', 'running'],
        ['client2', 'running'],
      ]);
      expect(new Set(status.map(({ address }) => address)).size).toBe(3);
      expect(status[0]!.uptime).toBeGreaterThan(0);
    });

    it('do not have the environment of whoever started them', async () => {
      expect(await deployment.text('client1', 'env')).not.toContain('VITEST');
    });

    it('have the variables of their role', async () => {
      expect(await deployment.text('client1', 'echo "$GREETING"')).toBe('a "b" $c\n');
    });

    it(`${isolation === 'root' ? 'have' : 'are said not to have'} users of their own`, () => {
      const warnings = deployment.warnings.filter(text => text.includes('no other user'));
      if (isolation === 'root') return expect(warnings).toEqual([]);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain('mine.service (alice)');
      expect(warnings[0]).toContain('commands for these users do, too: alice');
    });

    it('run units under the names of their users', async () => {
      await until(async () =>
        (await deployment.text('client1', 'journalctl -u mine')).includes('I am alice'),
      );
    });

    it('are measured from outside', async () => {
      await deployment.text('client1', 'for ((i = 0; i < 300000; i++)); do :; done');
      const counters = await readCounters(deployment.record).read();
      expect(counters.map(({ node }) => node)).toEqual(['server', 'client1', 'client2']);
      expect(counters[1]!.cpuSeconds).toBeGreaterThan(0.05);
      expect(counters[1]!.memoryBytes).toBeGreaterThan(1e6);
      // What cannot be measured is absent with the reason, and not 0: files in memory use no disk, and of plain processes nobody
      // knows whose bytes the network of this machine carries.
      const [there, lacking, absent] =
        isolation === 'plain'
          ? ['readBytes', 'receivedBytes', { network: expect.stringContaining('own network') }]
          : ['receivedBytes', 'readBytes', { disk: 'files of a local node are in memory' }];
      expect(counters[1]).toHaveProperty(there);
      expect(counters[1]).not.toHaveProperty(lacking);
      expect(counters[1]!.absent).toEqual(absent);
    });

    it('are reached from another process by the record alone', async () => {
      const script = `
        import { local } from ${JSON.stringify(`${process.cwd()}/dist/src/flavours/local/index.js`)};
        const record = JSON.parse(process.argv[1]);
        const { stdout } = await local.transport(record, 'client2').exec('echo "$GREETING"');
        await local.transport(record, 'client2').close();
        process.stdout.write(stdout);`;
      const argv = ['--input-type=module', '-e', script, JSON.stringify(deployment.record)];
      expect(execFileSync(process.execPath, argv).toString()).toBe('a "b" $c\n');
      expect(await deployment.text('client2', 'echo still')).toBe('still\n');
    });

    it('give an interactive shell to a local program', () => {
      const [program = '', ...words] = local
        .transport(deployment.record, 'client1')
        .shellCommand({ command: ['bash', '-c', 'echo "$GREETING $1"', 'x', "it's"] });
      expect(spawnSync(program, words).stdout.toString()).toBe('a "b" $c it\'s\n');
    });

    it('have a terminal of their own in a shell for a person', () => {
      const argv = local
        .transport(deployment.record, 'client1')
        .shellCommand({ command: ['bash', '-c', `tty; echo "it's"; exit 7`] });
      const words = ['-qec', argv.map(quote).join(' '), '/dev/null'];
      const { stdout, status } = spawnSync('script', words, { input: '' });
      expect(stdout.toString()).toMatch(/\/dev\/pts\/\d+\r\nit's\r\n$/);
      expect(status).toBe(7);
    });

    it('leave Ctrl-C to the shell of a user of their role', async () => {
      const argv = local.transport(deployment.record, 'client1').shellCommand({ user: 'alice' });
      const terminal = spawn('script', ['-qec', argv.map(quote).join(' '), '/dev/null']);
      let text = '';
      terminal.stdout.on('data', chunk => {
        text += chunk;
      });
      const ended = new Promise(resolve => terminal.once('exit', resolve));
      terminal.stdin.write(`bash -c 'echo $USER; exec sleep 1000'\n`);
      await until(async () => /^alice\r$/m.test(text));
      terminal.stdin.write('\x03');
      await until(async () => /\^C[\s\S]*[$#] $/.test(text));
      terminal.stdin.write('exit 3\n');
      expect(await ended).toBe(3);
      expect(text).not.toContain('job control');
    });

    it('have the aliases of their role in a shell for a person, and nowhere else', async () => {
      const [program = '', ...words] = local.transport(deployment.record, 'client1').shellCommand();
      expect(spawnSync(program, words, { input: 'greet you\n' }).stdout.toString()).toBe('hello you\n');
      expect((await deployment.exec('client1', 'greet you')).status).toBe(127);
    });

    if (isolation === 'plain') {
      it('say that they are not isolated', () => {
        expect(deployment.warnings.join()).toContain('plain processes');
        expect(deployment.warnings.join()).toMatch(/environment\.etc are not there: app\/config/);
      });
      return;
    }

    it('reach each other by name', async () => {
      await until(async () => (await deployment.exec('client1', get('server'))).status === 0);
      expect(await deployment.text('client2', get('server'))).toBe("it's me\n");
    });

    it('have their own name, hosts, /etc and upstream files', async () => {
      expect(await deployment.text('client1', 'hostname; cat /etc/hostname /etc/nxc/role')).toBe(
        'client1\nclient1\nclient\n',
      );
      expect(await deployment.text('client1', 'getent hosts elsewhere')).toMatch(/^10\.9\.8\.7 +elsewhere/);
      expect(await deployment.text('client1', 'cat /etc/app/config; stat -c %a /etc/app/config')).toBe(
        'key = 1\n640\n',
      );
      const document = JSON.parse(await deployment.text('client1', 'cat /etc/nxc/deployment.json'));
      const address = (await deployment.text('client1', 'cat /etc/nxc/ip_addr')).trim();
      expect(document[address]).toEqual({ role: 'client', host: 'client1' });
    });

    it('see only their own processes and interfaces', async () => {
      expect(await deployment.text('client1', 'cat /proc/1/comm; ls /sys/class/net')).toBe(
        'bash\neth0\nlo\n',
      );
      expect(await deployment.text('client1', 'cat /proc/[0-9]*/cmdline | tr "\\0" " "')).not.toContain(
        'vitest',
      );
    });

    it('write nothing to this machine', async () => {
      const name = `nxc-test-${deployment.run}`;
      // In a user namespace a folder is read-only when this machine has something mounted in it (Docker does in /var).
      const fixed = rootPlan(isolation).filter(({ kind }) => kind === 'bind');
      const folders = ['/etc', '/usr/local', '/var/lib', '/tmp', '/root', '/run', '/dev/shm'].filter(
        folder => !fixed.some(({ path }) => `${folder}/`.startsWith(`${path}/`)),
      );
      await deployment.text('client1', folders.map(folder => `echo x >${folder}/${name}`).join(' && '));
      await deployment.text('client1', 'rm /etc/hosts && ! test -e /etc/hosts');
      expect(folders.filter(folder => existsSync(`${folder}/${name}`))).toEqual([]);
      expect(existsSync('/etc/hosts')).toBe(true);
      expect(await deployment.text('client2', `ls -d /*/${name} || true`)).toBe('');
      await expect(deployment.text('client1', 'echo 1 >/proc/sys/kernel/panic')).rejects.toThrow();
    });

    it('go on when a command kills every process that it can', async () => {
      const here = readlinkSync('/proc/self/ns/pid');
      const command = `[ "$(readlink /proc/self/ns/pid)" != ${here} ] && kill -9 -1`;
      await expect(deployment.exec('client2', command)).rejects.toThrow(/agent process was killed/);
      expect(await deployment.text('client2', 'echo fine')).toBe('fine\n');
    });

    it('share the folders that their role says, and /tmp/shared', async () => {
      await deployment.text('client1', 'echo one >/data/file; echo two >/tmp/shared/file');
      expect(await deployment.text('client2', 'cat /data/file /tmp/shared/file')).toBe('one\ntwo\n');
      expect(await deployment.text('server', 'ls /data 2>&1 || cat /tmp/shared/file')).toContain('two');
      expect(existsSync('/tmp/shared/file')).toBe(false);
    });

    it('run commands as users of their role', async () => {
      const expected = isolation === 'root' ? 'alice\n/home/alice\nfree\n' : 'root\n/home/alice\nfree\n';
      expect(await deployment.text('client1', 'id -un; pwd; echo free', { user: 'alice' })).toBe(expected);
    });

    it('make no interface and no mount on this machine', () => {
      expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(deployment.run);
      expect(readdirSync('/sys/class/net').filter(name => /^(switch|port)\d/.test(name))).toEqual([]);
    });
  });

  describe.skipIf(reason)(`a deployment with isolation ${isolation}`, () => {
    const nodes = [
      { name: 'a', role: 'foo' },
      { name: 'b', role: 'foo' },
    ];

    it('leaves nothing when it is stopped, however often', async () => {
      const deployment = await TestDeployment.start(isolation, [role()], nodes);
      await deployment.exec('a', 'setsid sleep 4321 >/dev/null 2>&1 & setsid setsid sleep 4321 &');
      expect((await local.leftovers()).map(({ run }) => run)).toContain(deployment.run);
      await deployment.stop();
      await deployment.stop();
      expect(processesOf(deployment.run)).toEqual([]);
      expect(existsSync(runtime(deployment.run))).toBe(false);
      expect((await local.leftovers()).map(({ run }) => run)).not.toContain(deployment.run);
    });

    it('leaves nothing when its start is interrupted', async () => {
      const controller = new AbortController();
      const spec = role({ units: [service('slow', 'sleep 60', { type: 'oneshot' })] });
      const started = TestDeployment.start(isolation, [spec], nodes, { signal: controller.signal });
      setTimeout(() => controller.abort(), 50);
      const error = await started.catch(reason => reason);
      expect(error).toBeInstanceOf(InterruptedError);
      const { run } = error.record['x-nxc'];
      expect(processesOf(run)).toEqual([]);
      expect(existsSync(runtime(run))).toBe(false);
    });

    it('shows a node whose processes were killed as gone, and its commands as TransportError', async () => {
      await using deployment = await TestDeployment.start(isolation, [role()], nodes);
      await deployment.exec('b', 'true');
      const running = deployment.exec('a', 'sleep 30').catch(error => error);
      process.kill(deployment.pid('a'), 'SIGKILL');
      if (isolation !== 'plain') expect(await running).toBeInstanceOf(TransportError);
      await until(async () => (await local.status(deployment.record))[0]!.state === 'gone');
      await expect(deployment.exec('a', 'true')).rejects.toThrow(TransportError);
      expect(await deployment.text('b', 'echo fine')).toBe('fine\n');
    });

    it('is refused when a role has a name that no folder of its nodes can have', async () => {
      const odd = role({ role: 'a:b' });
      const started = TestDeployment.start(isolation, [odd], [{ name: 'a', role: 'a:b' }]);
      await expect(started).rejects.toThrow(/role "a:b" cannot run on the flavour local/);
    });

    it('does not disturb another one with the same nodes', async () => {
      await using first = await TestDeployment.start(isolation, [role()], nodes);
      await using second = await TestDeployment.start(isolation, [role()], nodes);
      await first.stop();
      expect(await second.text('a', 'echo fine')).toBe('fine\n');
    });

    it('sees the packages of its build, wherever they lie', async () => {
      const packages = mkdtempSync('/tmp/nxc-test-packages-');
      try {
        writeFileSync(`${packages}/script`, 'echo from a package');
        await using deployment = await TestDeployment.start(isolation, [role()], nodes, { packages });
        expect(await deployment.text('a', `bash ${packages}/script`)).toBe('from a package\n');
        if (isolation !== 'plain')
          expect((await deployment.exec('a', `echo x >${packages}/new`)).status).not.toBe(0);
      } finally {
        rmSync(packages, { recursive: true, force: true });
      }
    });

    it('runs programs of its packages that this machine has below /tmp, with what lies around them', async () => {
      const folder = mkdtempSync('/tmp/nxc-test-programs-');
      const packages = mkdtempSync('/tmp/nxc-test-packages-');
      try {
        chmodSync(folder, 0o755);
        writeFileSync(`${folder}/data`, 'data of the tool\n');
        writeFileSync(`${folder}/tool`, '#!/bin/sh\ncat "${0%/*}/data"', { mode: 0o755 });
        mkdirSync(`${packages}/mytool/bin`, { recursive: true });
        symlinkSync('/bin/ls', `${packages}/mytool/bin/other`);
        symlinkSync('/tmp/nxc-test-gone/gone', `${packages}/mytool/bin/gone`);
        symlinkSync(`${folder}/tool`, `${packages}/mytool/bin/mytool`);
        await using deployment = await TestDeployment.start(isolation, [role()], nodes, { packages });
        const call = `$(readlink ${packages}/mytool/bin/mytool)`;
        expect(await deployment.text('a', call)).toBe('data of the tool\n');
        if (isolation === 'plain') return;
        await deployment.text('a', `rm ${folder}/tool`);
        expect(existsSync(`${folder}/tool`)).toBe(true);
        expect(await deployment.text('b', call)).toBe('data of the tool\n');
      } finally {
        for (const made of [folder, packages]) rmSync(made, { recursive: true, force: true });
      }
    });

    it('can be removed as a leftover, when its record is lost', async () => {
      const deployment = await TestDeployment.start(isolation, [role()], nodes);
      const found = (await local.leftovers()).find(({ run }) => run === deployment.run);
      expect(found?.project).toBe(process.cwd());
      await found!.remove();
      expect(processesOf(deployment.run)).toEqual([]);
    });
  });
}

describe.skipIf(process.getuid?.() !== 0)('plain nodes that root started', () => {
  it('have the users of this machine, with their rights', async () => {
    const watch = service('watch', 'id -un; touch "$STATE_DIRECTORY/mine" && echo kept; exec sleep 1000', {
      user: 'nobody',
      directories: ['/var/lib/watch'],
    });
    const nodes = [{ name: 'a', role: 'foo' }];
    await using deployment = await TestDeployment.start('plain', [role({ units: [watch] })], nodes);
    expect(deployment.warnings.filter(text => text.includes('no other user'))).toEqual([]);
    await until(async () => /nobody\n.*kept/.test(await deployment.text('a', 'journalctl -u watch')));
    const long = `# ${'x'.repeat(40_000)}\nid -un; getent hosts a >/dev/null && echo known`;
    expect(await deployment.text('a', long, { user: 'nobody' })).toBe('nobody\nknown\n');
  });
});

const unprivileged = { uid: 65534, gid: 65534 };
const cannot =
  process.getuid?.() !== 0
    ? 'needs root to become another user'
    : existsSync('dist')
      ? undefined
      : 'needs dist/';

describe.skipIf(cannot)(`flavour local for an ordinary user${cannot ? ` (skipped: ${cannot})` : ''}`, () => {
  it('starts, runs a command and stops, without any privilege', () => {
    const script = '/tmp/nxc-test-unprivileged.mjs';
    writeFileSync(script, oneCommand, { mode: 0o644 });
    const root = dirname(firstHome());
    try {
      const { stdout, stderr } = spawnSync(
        process.execPath,
        [script, process.cwd(), 'echo $(id -u) $(hostname)'],
        {
          ...unprivileged,
          cwd: '/',
          env: { PATH: '/usr/bin:/bin', HOME: '/nonexistent', NXC_RUNTIME_ROOT: root },
        },
      );
      expect(stderr.toString()).toBe('');
      expect(stdout.toString()).toMatch(/^(user 0 n|plain 65534 \w+)\n$/);
      expect(readdirSync(join(root, `nxc-${unprivileged.uid}`))).toEqual([]);
    } finally {
      rmSync(script, { force: true });
    }
  });
});

describe.skipIf(cannot)(`mounts of this machine${cannot ? ` (skipped: ${cannot})` : ''}`, () => {
  it.each(['root', 'user'])('are read-only on a node, those inside others too (isolation %s)', isolation => {
    const script = '/tmp/nxc-test-mounts.mjs';
    writeFileSync(script, oneCommand, { mode: 0o644 });
    const trial = [
      'set -e',
      'mount -t tmpfs -o nosuid,nodev outer /mnt',
      'mkdir /mnt/sub "/mnt/a place"; touch /mnt/file',
      'mount -t tmpfs -o noexec inner /mnt/sub',
      'mount -t tmpfs inner "/mnt/a place"',
      'mount --bind /mnt/sub/.. /mnt/sub; mount --bind /etc/hostname /mnt/file',
      'mkdir /mnt/sub/deep; mount -t tmpfs deepest /mnt/sub/deep',
      `node ${script} ${process.cwd()} 'touch /mnt/x /mnt/*/x /mnt/sub/deep/x; : >>/mnt/file; ls -d /mnt/sub/deep /mnt/a*'`,
      'ls -d /mnt/x /mnt/*/x /mnt/sub/deep/x 2>/dev/null || true',
    ].join('\n');
    try {
      const { stdout, stderr } = spawnSync('unshare', ['--mount', 'sh', '-c', trial], {
        env: {
          ...process.env,
          PATH: `${nodeFolder}:/usr/sbin:/usr/bin:/sbin:/bin`,
          NXC_LOCAL_ISOLATION: isolation,
        },
      });
      expect(stderr.toString()).toBe('');
      expect(stdout.toString()).toBe(`${isolation} /mnt/a place\n/mnt/sub/deep\n`);
    } finally {
      rmSync(script, { force: true });
    }
  });
});

describe.skipIf(cannot)(
  `a mount that goes while a node starts${cannot ? ` (skipped: ${cannot})` : ''}`,
  () => {
    it.each(['root', 'user'])('is not there, and the node starts all the same (isolation %s)', isolation => {
      const script = '/tmp/nxc-test-mounts.mjs';
      // As a container's root file system that ends: first the mount, then its folder.
      const ends = `execFileSync('sh', ['-c', 'umount /mnt/ends && rmdir /mnt/ends || test ! -e /mnt/ends'])`;
      const start = `import { execFileSync } from 'node:child_process';\n${oneCommand.replace(
        'save: async () => {}',
        `save: async () => ${ends}`,
      )}`;
      writeFileSync(script, start, { mode: 0o644 });
      const trial = [
        'set -e',
        'mount -t tmpfs outer /mnt',
        'mkdir /mnt/ends /mnt/stays',
        'mount -t tmpfs ends /mnt/ends; mount -t tmpfs stays /mnt/stays',
        `node ${script} ${process.cwd()} 'ls /mnt; touch /mnt/stays/x'`,
      ].join('\n');
      try {
        const { stdout, stderr } = spawnSync('unshare', ['--mount', 'sh', '-c', trial], {
          env: {
            ...process.env,
            PATH: `${nodeFolder}:/usr/sbin:/usr/bin:/sbin:/bin`,
            NXC_LOCAL_ISOLATION: isolation,
          },
        });
        expect(stderr.toString()).toBe('');
        expect(stdout.toString()).toBe(`${isolation} stays\n`);
      } finally {
        rmSync(script, { force: true });
      }
    });
  },
);

describe.skipIf(cannot)(`a mount in a closed folder${cannot ? ` (skipped: ${cannot})` : ''}`, () => {
  it('does not keep an ordinary user from starting nodes', () => {
    const script = '/tmp/nxc-test-closed.mjs';
    writeFileSync(script, oneCommand, { mode: 0o644 });
    const trial = [
      'set -e',
      'mount -t tmpfs outer /mnt; chmod 755 /mnt',
      'mkdir -m 700 /mnt/closed; mkdir /mnt/closed/inner; mount -t tmpfs inner /mnt/closed/inner',
      `exec setpriv --reuid=${unprivileged.uid} --regid=${unprivileged.gid} --clear-groups node ${script} ${process.cwd()} 'ls /mnt'`,
    ].join('\n');
    try {
      const { stdout, stderr } = spawnSync('unshare', ['--mount', 'sh', '-c', trial], {
        env: { ...process.env, PATH: `${nodeFolder}:/usr/sbin:/usr/bin:/sbin:/bin`, HOME: '/nonexistent' },
      });
      expect(stderr.toString()).toBe('');
      expect(stdout.toString()).toMatch(/^(user|plain) closed\n$/);
    } finally {
      rmSync(script, { force: true });
    }
  });
});

/** Starts a deployment, runs one command on its node, prints the isolation and what it printed, and stops. */
const oneCommand = `
const { local } = await import(process.argv[2] + '/dist/src/flavours/local/index.js');
const spec = { role: 'foo', path: [], etc: {}, variables: {}, units: [], users: [], groups: [], extraHosts: '', sharedDirs: [], bootCommands: '' };
const record = { deployment: {}, 'x-nxc': { run: 'feedbee5', project: '/', nodes: [], runtime: {} } };
const job = { step() {}, finish() {}, fail() {}, cancel() {} };
const jobs = { job: () => job, warn() {}, signal: new AbortController().signal };
await local.start({ build: { info: { 'x-nxc': { roles: { foo: spec } } } }, nodes: [{ name: 'n', role: 'foo' }], record, save: async () => {} }, jobs);
try {
  const { stdout } = await local.transport(record, 'n').exec(process.argv[3]);
  process.stdout.write(record['x-nxc'].runtime.isolation + ' ' + stdout);
} finally {
  await local.stop(record, jobs);
}
`;

const nodeFolder = process.execPath.replace(/\/[^/]*$/, '');

function user(name: string) {
  return {
    name,
    extraGroups: [],
    home: `/home/${name}`,
    createHome: true,
    isNormalUser: true,
    description: '',
    authorizedKeys: [],
  };
}
