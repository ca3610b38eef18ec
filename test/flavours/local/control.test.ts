import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InterruptedError } from '../../../src/errors.js';
import { counters as countersOf } from '../../../src/flavours/local/counters.js';
import { local } from '../../../src/flavours/local/index.js';
import type { Isolation } from '../../../src/flavours/local/isolation.js';
import { RunFolder } from '../../../src/flavours/local/run-folder.js';
import { TransportError } from '../../../src/transports/errors.js';
import { until } from '../../helpers/until.js';
import { missing, role, service, TestDeployment } from './deployment.js';

const isolations: Isolation[] = ['root', 'user', 'plain'];
const reasons = new Map(
  await Promise.all(isolations.map(async kind => [kind, await missing(kind)] as const)),
);
const forever = new AbortController().signal;

/** Says on stdout when it starts and that it was asked to stop. */
const polite = (name: string) =>
  `trap 'echo ${name} stops at $EPOCHREALTIME; exit' TERM; echo ${name} starts; while sleep 0.05; do :; done`;

for (const isolation of isolations) {
  const reason = reasons.get(isolation);
  const title = `a node with isolation ${isolation}${reason ? ` (skipped: ${reason})` : ''}`;
  describe.skipIf(reason)(title, () => {
    let deployment: TestDeployment;
    const control = () => local.control!(deployment.record);
    const state = async (node: string) =>
      (await local.status(deployment.record)).find(({ name }) => name === node)!.state;
    const log = async (unit: string) => {
      const lines: string[] = [];
      for await (const { text } of local.logs(deployment.record, 'a', { unit })) lines.push(text);
      return lines;
    };

    beforeAll(async () => {
      const spec = role({
        units: [
          service('base', polite('base')),
          service('top', polite('top'), { after: ['base.service'], requires: ['base.service'] }),
        ],
      });
      deployment = await TestDeployment.start(
        isolation,
        [spec],
        ['a', 'b'].map(name => ({ name, role: 'foo' })),
      );
    });
    afterAll(() => deployment?.stop());

    it('is off after a crash, its commands fail at once, and it boots again with its files', async () => {
      await until(async () => (await log('top')).includes('top starts'));
      if (isolation !== 'plain') await deployment.exec('a', 'echo kept >/root/file; echo lost >/run/file');
      const running = deployment.exec('a', 'sleep 30').catch(error => error);
      await deployment.exec('a', 'setsid sleep 4321 >/dev/null 2>&1 &');
      const before = deployment.pid('a');
      await control().crash('a');
      expect(await running).toBeInstanceOf(TransportError);
      expect(await state('a')).toBe('off');
      expect((await log('top')).filter(line => line.startsWith('top stops'))).toEqual([]);
      await expect(deployment.exec('a', 'true')).rejects.toThrow(TransportError);
      await control().crash('a');
      expect(await deployment.text('b', 'echo fine')).toBe('fine\n');

      await Promise.all([control().start('a', forever), control().start('a', forever)]);
      await control().start('a', forever);
      expect(await state('a')).toBe('running');
      expect(deployment.pid('a')).not.toBe(before);
      await until(async () => (await log('top')).filter(line => line === 'top starts').length === 2);
      expect(await deployment.text('a', 'systemctl is-active top')).toBe('active\n');
      expect((await deployment.exec('a', 'pgrep -f "sleep 4321"')).status).not.toBe(0);
      if (isolation === 'plain') return;
      expect(await deployment.text('a', 'cat /root/file; ls /run/file 2>&1 || true; hostname')).toMatch(
        /^kept\n.*No such file.*\na\n$/,
      );
      expect(await deployment.text('b', 'ping -c 1 -W 2 a >/dev/null 2>&1 || true; ip neigh')).not.toContain(
        'FAILED',
      );
    });

    it('stops its units in order when it is shut down', async () => {
      await control().start('a', forever);
      await deployment.exec('a', 'true');
      await control().pause('a');
      await control().shutdown('a', forever);
      await control().shutdown('a', forever);
      expect(await state('a')).toBe('off');
      // Their own clocks: when a line was logged is another thing.
      const stops = async (unit: string) => (await log(unit)).map(line => /stops at (\S+)$/.exec(line)?.[1]);
      const [base] = (await stops('base')).filter(time => time !== undefined);
      const [top] = (await stops('top')).filter(time => time !== undefined);
      expect(Number(base)).toBeGreaterThan(Number(top));
      await control().start('a', forever);
      expect(await state('a')).toBe('running');
    });

    it('is told to be broken when its files are gone, and can be booted again', async () => {
      rmSync(join(new RunFolder(deployment.record['x-nxc'].run).node('b'), 'control'));
      const broken = async () => (await local.status(deployment.record)).find(({ name }) => name === 'b')!;
      await until(async () => (await broken()).state === 'degraded');
      expect((await broken()).detail).toBe('no command can be run on it');
      await control().start('b', forever);
      expect(await state('b')).toBe('running');
      expect(await deployment.text('b', 'echo fine')).toBe('fine\n');
    });

    it('does nothing while it is paused, and goes on as if nothing had been', async () => {
      await control().start('a', forever);
      await deployment.exec('a', 'true');
      await control().pause('a');
      await control().pause('a');
      expect(await state('a')).toBe('paused');
      let answered = false;
      const command = deployment.text('a', 'echo awake').finally(() => {
        answered = true;
      });
      expect(await deployment.text('b', 'sleep 0.3; echo fine')).toBe('fine\n');
      expect(answered).toBe(false);
      await control().resume('a');
      await control().resume('a');
      expect(await command).toBe('awake\n');
      expect(await state('a')).toBe('running');
    });

    it('times out and interrupts commands while it is paused', async () => {
      await control().pause('b');
      const { timedOut, status } = await deployment.exec('b', 'echo late >/tmp/late', { timeoutMs: 300 });
      expect({ timedOut, status }).toEqual({ timedOut: true, status: -1 });
      const interrupt = new AbortController();
      const running = deployment.exec('b', 'true', { signal: interrupt.signal }).catch(error => error);
      interrupt.abort();
      expect(await running).toBeInstanceOf(InterruptedError);
      await control().resume('b');
      expect(await deployment.text('b', 'echo awake')).toBe('awake\n');
    });

    it('is not measured while it is off, and from its start on again', async () => {
      const counters = countersOf(deployment.record);
      const measured = async () => (await counters.read()).map(({ node }) => node).sort();
      await control().crash('a');
      expect(await measured()).toEqual(['b']);
      await control().start('a', forever);
      expect(await measured()).toEqual(['a', 'b']);
    });

    it('stays off when its start is interrupted', async () => {
      await control().crash('a');
      const interrupt = new AbortController();
      const start = control()
        .start('a', interrupt.signal)
        .catch(error => error);
      interrupt.abort();
      expect(await start).toBeInstanceOf(InterruptedError);
      expect(await state('a')).toBe('off');
      await control().start('a', forever);
    });

    it('is gone, and not off, when it ended by itself, and can be started all the same', async () => {
      process.kill(deployment.pid('a'), 'SIGKILL');
      await until(async () => (await state('a')) === 'gone');
      await control().start('a', forever);
      expect(await deployment.text('a', 'echo back')).toBe('back\n');
    });

    it.each(['systemctl poweroff', 'shutdown -h now', 'reboot'])(
      'that ends itself with %s tells so, stops its units in order, and is off',
      async command => {
        expect((await deployment.exec('a', command)).status).toBe(0);
        await until(async () => ['off', 'gone'].includes(await state('a')));
        expect((await log('top')).at(-1)).toMatch(/Deactivated|Stopped|stops/);
        await control().start('a', forever);
        expect(await state('a')).toBe('running');
      },
    );

    it('is gone when the whole deployment is, and says what to do', async () => {
      await control().crash('b');
      await deployment.stop();
      expect(await state('b')).toBe('gone');
      await expect(control().start('b', forever)).rejects.toThrow(/no process reads/);
      await control().crash('b');
    });
  });
}
