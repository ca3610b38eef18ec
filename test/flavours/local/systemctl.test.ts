import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Isolation, tryNamespaces } from '../../../src/flavours/local/isolation.js';
import { until } from '../../helpers/until.js';
import { role, service, TestDeployment } from './deployment.js';

const root = await tryNamespaces('root');
const user = await tryNamespaces('user');
const isolation: Isolation = root === undefined ? 'root' : user === undefined ? 'user' : 'plain';

describe(`systemctl of a node (isolation ${isolation})`, () => {
  let node: TestDeployment;
  const run = async (command: string) => {
    const { status, stdout, stderr } = await node.exec('n', command);
    return { status, stdout: stdout.toString(), stderr: stderr.toString() };
  };
  const text = (command: string) => node.text('n', command);
  const isActive = async (unit: string) => (await run(`systemctl is-active ${unit}`)).stdout.trim();
  const pid = (unit: string) => text(`systemctl show -P MainPID ${unit}`);

  beforeAll(async () => {
    const sleeper = 'exec sleep 1000';
    node = await TestDeployment.start(
      isolation,
      [
        role({
          units: [
            // It is started more often here than systemd lets a unit be.
            service('web', sleeper, { startLimitBurst: 0 }),
            service('base', sleeper),
            service('above', sleeper, { requires: ['base.service'], after: ['base.service'] }),
            service('spare', sleeper, { wantedBy: [] }),
            service('broken', 'exit 3', { wantedBy: [], type: 'oneshot' }),
            service('short', 'sleep 0.3', { wantedBy: [] }),
          ],
        }),
      ],
      [{ name: 'n', role: 'foo' }],
    );
  });
  afterAll(() => node?.stop());

  it('restarts without waiting, and the unit runs again', async () => {
    for (const command of [
      'restart --no-block web',
      'try-restart --no-block web',
      '--no-b reload-or-restart web',
    ]) {
      const before = await pid('web');
      await text(`systemctl ${command}`);
      await until(
        async () => (await isActive('web')) === 'active' && !['0\n', before].includes(await pid('web')),
      );
    }
  });

  it('stops what requires a unit with it, and restarts it with it', async () => {
    const before = await pid('above');
    await text('systemctl restart base');
    expect(await isActive('above')).toBe('active');
    expect(await pid('above')).not.toBe(before);
    await text('systemctl stop base');
    expect(await isActive('above')).toBe('inactive');
    await text('systemctl start above');
    expect(await isActive('base')).toBe('active');
  });

  it('masks, disables and enables', async () => {
    await text('systemctl mask --now web');
    expect(await run('systemctl start web')).toMatchObject({
      status: 1,
      stderr: 'Failed to start web.service: Unit web.service is masked.\n',
    });
    expect(await run('systemctl is-enabled web')).toMatchObject({ status: 1, stdout: 'masked\n' });
    expect(await text('systemctl show -P LoadState web')).toBe('masked\n');
    await text('systemctl unmask web; systemctl disable web');
    expect((await run('systemctl is-enabled web')).stdout).toBe('linked\n');
    await text('systemctl enable --now web');
    expect((await run('systemctl is-enabled web')).stdout).toBe('enabled\n');
    expect(await isActive('web')).toBe('active');
    expect((await run('systemctl enable spare')).stderr).toContain('no installation config');
  });

  it('takes patterns for units', async () => {
    await text("systemctl stop 'we*' 'nothing*'");
    expect(await isActive('web')).toBe('inactive');
    await text('systemctl start web');
    expect((await text("systemctl list-units --plain --no-legend 'w*'")).trim()).toMatch(
      /^web\.service +loaded +active +running +the web$/,
    );
  });

  it('waits until what it started has ended', async () => {
    expect((await run('systemctl start --wait short')).status).toBe(0);
    expect(await isActive('short')).toBe('inactive');
    expect((await run('systemctl start --wait broken')).status).toBe(1);
    expect((await run('systemctl is-failed broken')).status).toBe(0);
    expect(await text('systemctl --failed --no-legend --plain')).toMatch(/^broken\.service /);
    expect(await run('systemctl is-system-running')).toMatchObject({ status: 1, stdout: 'degraded\n' });
    await text('systemctl reset-failed');
    expect(await text('systemctl is-system-running --wait')).toBe('running\n');
  });

  it('sends signals to the processes of a unit', async () => {
    await text('systemctl kill -s KILL web');
    await until(async () => (await isActive('web')) === 'failed');
    expect(await text('systemctl show --value -p Result web')).toBe('signal\n');
    await text('systemctl start web');
    expect((await run('systemctl kill -s NONSENSE web')).status).toBe(1);
  });

  it('lists', async () => {
    expect(await text('systemctl list-dependencies multi-user.target')).toMatch(
      /^multi-user\.target\n● ├─above\.service\n● │ └─base\.service\n/,
    );
    expect(await text('systemctl list-dependencies --plain above')).toBe('above.service\n  base.service\n');
    expect(await text('systemctl list-dependencies --reverse --plain base')).toContain('above.service');
    expect(await text('systemctl get-default')).toBe('multi-user.target\n');
    expect(await text('systemctl list-timers')).toContain('0 timers listed.');
    expect(await text('systemctl list-jobs')).toBe('No jobs running.\n');
    expect(await text('systemctl list-unit-files --no-legend -t service')).toMatch(/spare\.service +linked/);
    const inactive = await text('systemctl list-units --no-legend --all --state=inactive');
    // What nothing wants and nobody started is not loaded.
    expect(inactive).not.toContain('spare.service');
    expect(await text('systemctl show-environment')).toMatch(/^PATH=/m);
  });

  it.each([
    ['is-active web', 0],
    ['is-active spare', 3],
    ['is-active nope', 4],
    ['is-active -q nope web', 0],
    ['is-failed web', 1],
    ['is-enabled nope', 4],
    ['status web', 0],
    ['status spare', 3],
    ['status nope', 4],
    ['-n0 status web', 0],
    ['start nope', 5],
    ['stop nope', 5],
    ['start nope.target', 5],
    ['start multi-user.target', 0],
    ['is-active network.target', 0],
    ['start broken', 1],
    ['reload web', 3],
    ['cat nope', 1],
    ['daemon-reload', 0],
    ['show nope', 0],
    ['start', 1],
    ['nonsense', 1],
    ['--nonsense', 1],
    ['-Z', 1],
    ['show -p', 1],
  ])('%s has the status %d', async (command, status) => {
    expect((await run(`systemctl ${command}`)).status).toBe(status);
    await text('systemctl reset-failed');
  });

  it.each([
    'start --job-mode=isolate web',
    'isolate multi-user.target',
    'edit web',
    'set-environment A=b',
    'set-property web CPUWeight=1',
    'freeze web',
    'suspend',
    '--user status',
    '-M other status',
    '-H other status',
    '--root=/x enable web',
    'show -p MemoryCurrent web',
    'set-default rescue.target',
    'start -T web',
    'enable --runtime web',
  ])('refuses %s with what to do', async command => {
    const { status, stdout, stderr } = await run(`systemctl ${command}`);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^systemctl: nodes of flavour local do not have .+; .+\n$/);
  });

  it('helps with every verb', async () => {
    for (const verb of ['', 'start', 'list-units', 'edit'])
      expect((await text(`systemctl ${verb} --help`)).split('\n')).toContain('  try-restart');
  });
});

describe(`systemd-run of a node (isolation ${isolation})`, () => {
  let node: TestDeployment;
  const run = async (command: string, stdin?: string) => {
    const { status, stdout, stderr } = await node.exec('n', command, stdin === undefined ? {} : { stdin });
    return { status, stdout: stdout.toString(), stderr: stderr.toString() };
  };
  const text = (command: string) => node.text('n', command);

  beforeAll(async () => {
    node = await TestDeployment.start(
      isolation,
      [role({ units: [service('web', 'exec sleep 1000')] })],
      [{ name: 'n', role: 'foo' }],
    );
  });
  afterAll(() => node?.stop());

  it('runs a unit that systemctl and journalctl know, until it is stopped', async () => {
    expect(await run("systemd-run --unit=bg bash -c 'echo hello; exec sleep 1000'")).toEqual({
      status: 0,
      stdout: '',
      stderr: 'Running as unit: bg.service\n',
    });
    expect(await text('systemctl is-active bg')).toBe('active\n');
    await until(async () => (await text('journalctl -q -u bg -t bash -o cat')) === 'hello\n');
    expect((await run('systemd-run --unit=bg true')).stderr).toContain('was already loaded');
    await text('systemctl stop bg');
    expect(await text('systemctl show -P LoadState bg')).toBe('not-found\n');
  });

  it('waits for the end and has its status', async () => {
    expect((await run('systemd-run --wait -q true')).status).toBe(0);
    expect(await run("systemd-run --wait --unit=seven bash -c 'exit 7'")).toMatchObject({
      status: 7,
      stderr: 'Running as unit: seven.service\nFinished with result: exit-code\n',
    });
    expect(await text('systemctl is-failed seven')).toBe('failed\n');
    await text('systemctl reset-failed seven');
    expect((await run('systemd-run --wait -qG --unit=gone false')).status).toBe(1);
    expect((await run('systemctl is-failed gone')).stdout).toBe('inactive\n');
  });

  it('passes its streams with --pipe', async () => {
    expect(await run("systemd-run --pipe --wait -q bash -c 'cat; echo err >&2'", 'in\n')).toEqual({
      status: 0,
      stdout: 'in\n',
      stderr: 'err\n',
    });
    expect(
      await text(
        'systemd-run -Pq -E A=b --setenv=C="d e" -p WorkingDirectory=/usr bash -c \'echo "$A $C $PWD"\'',
      ),
    ).toBe('b d e /usr\n');
  });

  it('refuses what a node does not have', async () => {
    for (const option of ['--user', '--scope', '-t', '--on-active=5', '--slice=x', '-p MemoryMax=1G']) {
      const { status, stderr } = await run(`systemd-run ${option} true`);
      expect([option, status]).toEqual([option, 1]);
      expect(stderr).toMatch(/^systemd-run: nodes of flavour local do not have .+; .+\n$/);
    }
    expect((await run('systemd-run')).status).toBe(1);
  });

  it('has neighbours that answer, or say what to do', async () => {
    expect(await text('hostnamectl hostname')).toBe('n\n');
    expect(await text('hostnamectl')).toContain('Static hostname: n\n');
    expect(await text('loginctl list-sessions')).toBe('No sessions.\n');
    expect(await text('timedatectl')).toContain('Time zone: ');
    for (const tool of [
      'busctl',
      'machinectl list',
      'systemd-analyze blame',
      'hostnamectl set-hostname x',
      'timedatectl set-ntp true',
      'loginctl kill-user u',
    ]) {
      const { status, stderr } = await run(tool);
      expect([tool, status]).toEqual([tool, 1]);
      expect(stderr).toMatch(/nodes of flavour local do not have .+; .+\n$/);
    }
  });
});
