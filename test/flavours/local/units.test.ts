import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { local } from '../../../src/flavours/local/index.js';
import { type Isolation, tryNamespaces } from '../../../src/flavours/local/isolation.js';
import { bootUnits, writeUnits } from '../../../src/flavours/local/units.js';
import { until } from '../../helpers/until.js';
import { role, service, TestDeployment } from './deployment.js';

describe('the units that start at boot', () => {
  const names = (...units: Parameters<typeof service>[]) => bootUnits(units.map(unit => service(...unit)));
  const notAtBoot = { wantedBy: [] };

  it('are those that a target wants', () => {
    expect(names(['a', ''], ['b', '', notAtBoot])).toEqual(['a.service']);
  });

  it('bring what they require and want, in the order of the role', () => {
    expect(
      names(
        ['deep', '', notAtBoot],
        ['base', '', { ...notAtBoot, wants: ['deep.service'] }],
        ['web', '', { requires: ['base.service', 'network.target'] }],
      ),
    ).toEqual(['deep.service', 'base.service', 'web.service']);
  });
});

describe('a unit file', () => {
  it('keeps every character of what the user wrote', () => {
    const folder = mkdtempSync('/tmp/nxc-units-test-');
    try {
      const nasty = `it's "$HOME" \`id\` \\ é\n`;
      const exec = { kind: 'exec' as const, argv: ['echo', nasty], ignoreFailure: true };
      writeUnits(folder, {
        units: [service('x', nasty, { description: nasty, environment: { A: nasty }, preStart: [exec] })],
      });
      const at = `${folder}/x.service`;
      expect(readFileSync(`${at}/unit`, 'utf8')).toContain(`Environment=('A=it'\\''s "$HOME"`);
      expect(readFileSync(`${at}/unit`, 'utf8')).toContain('ExecStartPre=(-ExecStartPre.0)');
      expect(readFileSync(`${at}/ExecStart.0`, 'utf8')).toBe(`#!/usr/bin/env bash\nset -e\n${nasty}\n`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

const root = await tryNamespaces('root');
const user = await tryNamespaces('user');
const isolation: Isolation = root === undefined ? 'root' : user === undefined ? 'user' : 'plain';

describe(`the units of a node (isolation ${isolation})`, () => {
  let node: TestDeployment;
  const text = (command: string) => node.text('n', command);
  const status = async (command: string) => (await node.exec('n', command)).status;
  const property = async (unit: string, name: string) =>
    (await text(`systemctl show --value -p ${name} ${unit}`)).trim();

  beforeAll(async () => {
    const marked = (line: string) => `echo ${line} >>"$HOME/order"`;
    node = await TestDeployment.start(
      isolation,
      [
        role({
          units: [
            service('second', `${marked('second')}; exec sleep 1000`, {
              after: ['first.service'],
              requires: ['first.service'],
            }),
            service('first', `sleep 0.2; ${marked('first')}`, {
              type: 'oneshot',
              remainAfterExit: true,
              stop: [{ kind: 'script', text: marked('first-stopped') }],
            }),
            service('dies', 'echo why it died >&2; exit 3'),
            service('fails-first', 'exit 4', { type: 'oneshot' }),
            service('depends', marked('depends'), {
              requires: ['fails-first.service'],
              after: ['fails-first.service'],
            }),
            service('flaky', `${marked('flaky')}; exit 1`, { restart: 'on-failure', startLimitBurst: 3 }),
            service('survivor', 'sleep 1000', { restart: 'always' }),
            service('stubborn', `trap '' TERM; echo ready; while :; do sleep 0.05; done`, {
              timeoutStopMs: 200,
            }),
            service('stop-hangs', 'exec sleep 1000', {
              timeoutStopMs: 200,
              stop: [{ kind: 'exec', argv: ['sleep', '1000'], ignoreFailure: false }],
            }),
            service('start-hangs', 'exec sleep 1000', { type: 'oneshot', timeoutStartMs: 200 }),
            service('undescribed', 'exec sleep 1000', { description: '' }),
            service('daemon', 'setsid sleep 1000 & disown', { type: 'forking' }),
            service('manual', 'echo "env: $GREETING"; exec sleep 1000', {
              wantedBy: [],
              environment: { GREETING: `it's "me"` },
              preStart: [{ kind: 'exec', argv: ['false'], ignoreFailure: true }],
              postStart: [{ kind: 'script', text: marked('manual-started') }],
              reload: [{ kind: 'script', text: `echo "reloading $MAINPID"` }],
            }),
          ],
        }),
      ],
      [{ name: 'n', role: 'foo' }],
    );
  });
  afterAll(() => node?.stop());

  it('start after what they come after, and not when what they require has failed', async () => {
    await until(async () => (await status('systemctl is-active -q second')) === 0);
    const order = await text('cat ~/order');
    expect(order.indexOf('first')).toBeGreaterThanOrEqual(0);
    expect(order.indexOf('second')).toBeGreaterThan(order.indexOf('first'));
    expect(order).not.toContain('depends');
    expect(await property('depends', 'ActiveState')).toBe('inactive');
    expect(await text('journalctl -u depends -o cat')).toContain('Dependency failed');
  });

  it('may tell their manager how they are', async () => {
    expect(await status('systemd-run -p Type=oneshot systemd-notify --ready')).toBe(0);
    // As with systemd, only they have one that listens.
    expect(await status('systemd-notify --ready')).toBe(1);
  });

  it('that die at once are failed, with a warning that shows their last words, and degrade the node', async () => {
    expect(node.warnings.join('\n')).toMatch(/dies\.service failed on n.*\n(.*\n)*.*why it died/);
    expect(await text('systemctl is-failed dies')).toBe('failed\n');
    expect(await property('dies', 'ExecMainStatus')).toBe('3');
    expect(await property('dies', 'Result')).toBe('exit-code');
    const [{ state, detail } = { state: '', detail: '' }] = await local.status(node.record);
    expect(state).toBe('degraded');
    expect(detail).toContain('dies.service');
    expect(await status('systemctl is-system-running')).toBe(1);
  });

  it('are told of to readers that end before all is said, as with systemd', async () => {
    for (const telling of [
      'systemctl status dies survivor second',
      'systemctl show survivor',
      'systemctl cat survivor second',
      'systemctl list-units',
      'journalctl -u dies',
    ]) {
      expect([telling, await status(`set -o pipefail; ${telling} | true`)]).toEqual([
        telling,
        telling.includes('status') ? 3 : 0,
      ]);
    }
  });

  it('are started and stopped by enable --now and disable --now', async () => {
    await text('systemctl disable --now undescribed');
    expect(await property('undescribed', 'ActiveState')).toBe('inactive');
    await text('systemctl enable --now undescribed');
    expect(await property('undescribed', 'ActiveState')).toBe('active');
  });

  it('are restarted until the start limit', async () => {
    await until(async () => (await status('systemctl is-failed -q flaky')) === 0);
    expect((await text('grep -c flaky ~/order')).trim()).toBe('3');
    expect(await property('flaky', 'NRestarts')).toBe('2');
  });

  it('come back when they are killed, if they say so', async () => {
    const pid = await property('survivor', 'MainPID');
    await text(`kill -9 ${pid}`);
    await until(async () => (await property('survivor', 'NRestarts')) === '1');
    await until(async () => (await status('systemctl is-active -q survivor')) === 0);
    expect(await property('survivor', 'MainPID')).not.toBe(pid);
  });

  it('start, reload and stop by systemctl', async () => {
    expect(await status('systemctl is-active manual')).toBe(3);
    await text('systemctl start manual');
    expect(await text('systemctl is-active manual')).toBe('active\n');
    expect(await property('manual', 'SubState')).toBe('running');
    const pid = await property('manual', 'MainPID');
    await text('systemctl reload manual');
    await until(async () => (await text('journalctl -u manual -o cat')).includes(`reloading ${pid}`));
    expect(await text('journalctl -u manual -o cat')).toContain(`env: it's "me"`);
    await text('systemctl restart manual');
    expect(await property('manual', 'MainPID')).not.toBe(pid);
    await text('systemctl stop manual');
    expect(await property('manual', 'ActiveState')).toBe('inactive');
    expect((await text('grep -c manual-started ~/order')).trim()).toBe('2');
  });

  it('are killed when they do not stop in time', async () => {
    await until(async () => (await text('journalctl -u stubborn -o cat')).includes('ready'));
    await text('systemctl stop stubborn');
    expect(await property('stubborn', 'ActiveState')).toBe('failed');
    expect(await text('journalctl -u stubborn -o cat')).toContain('timed out. Killing.');
  });

  it('stop in time although their stop command hangs', async () => {
    await text('systemctl stop stop-hangs');
    expect(await property('stop-hangs', 'Result')).toBe('timeout');
    expect(await text('journalctl -u stop-hangs -o cat')).toContain('Stopping timed out. Terminating.');
  });

  it('that do not start in time have the result timeout', async () => {
    await until(async () => (await status('systemctl is-failed -q start-hangs')) === 0);
    expect(await property('start-hangs', 'Result')).toBe('timeout');
    const log = await text('journalctl -u start-hangs -o cat');
    expect(log).toContain('start operation timed out. Terminating.');
  });

  it('without a description are called by their name', async () => {
    await text('systemctl stop undescribed');
    expect(await text('journalctl -u undescribed -o cat')).toContain('Stopped undescribed.service.');
  });

  it('whose state cannot be read are failed, and nobody waits for them for ever', async () => {
    await text(': >/run/nxc/units/undescribed.service/state');
    expect(await property('undescribed', 'Result')).toBe('resources');
    await text('echo ActiveState=inactive SubState=dead >/run/nxc/units/undescribed.service/state');
  });

  it('are stopped with the processes that left their group', async () => {
    const pid = await property('daemon', 'MainPID');
    expect(await status(`kill -0 ${pid}`)).toBe(0);
    await text('systemctl stop daemon');
    await until(async () => (await status(`kill -0 ${pid}`)) !== 0);
  });

  it('that remain after their end run their stop commands', async () => {
    expect(await property('first', 'SubState')).toBe('exited');
    await text('systemctl stop first');
    expect(await text('cat ~/order')).toContain('first-stopped');
  });

  it('that do not exist are told apart', async () => {
    expect(await node.exec('n', 'systemctl start nope').then(r => [r.status, r.stderr.toString()])).toEqual([
      5,
      'Failed to start nope.service: Unit nope.service not found.\n',
    ]);
    expect(await property('nope', 'LoadState')).toBe('not-found');
  });

  it('are named when the log of one is asked for that does not exist', async () => {
    const read = async () => {
      for await (const _ of local.logs(node.record, 'n', { unit: 'deis' }));
    };
    await expect(read()).rejects.toThrow(
      /no unit deis\.service on n\ndid you mean dies\.service\?\nfound: units are .*first\.service/,
    );
  });

  it('have logs that can be read and followed from outside', async () => {
    const lines = [];
    for await (const line of local.logs(node.record, 'n', { unit: 'dies' })) lines.push(line);
    expect(lines.map(line => line.text)).toContain('why it died');
    expect(lines[0]!.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

    const controller = new AbortController();
    const followed = local.logs(node.record, 'n', {
      unit: 'dies',
      lines: 0,
      follow: true,
      signal: controller.signal,
    });
    const iterator = followed[Symbol.asyncIterator]();
    const next = iterator.next();
    await node.exec('n', 'systemctl reset-failed dies; systemctl start dies');
    expect((await next).value.text).toMatch(/^(Started the dies\.|why it died)$/);
    controller.abort();
    while (!(await iterator.next()).done);
  });
});
