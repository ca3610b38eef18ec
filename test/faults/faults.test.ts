import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/deployment/deployment.js';
import * as faults from '../../src/faults/index.js';
import { local } from '../../src/flavours/local/index.js';
import type { Isolation } from '../../src/flavours/local/isolation.js';
import { Marks } from '../../src/metrics/marks.js';
import { Store } from '../../src/metrics/store/store.js';
import { Tail } from '../../src/metrics/store/tail.js';
import { cuts } from '../../src/network/partition.js';
import { missing, role, service, TestDeployment } from '../flavours/local/deployment.js';
import { temporaryFolder } from '../helpers/temporary.js';

const isolations: Isolation[] = ['root', 'user'];
const reasons = new Map(
  await Promise.all(isolations.map(async kind => [kind, await missing(kind)] as const)),
);
const forever = new AbortController().signal;

const server = service(
  'web',
  `PATH=${process.execPath.replace(/\/node$/, '')}:$PATH exec node -e 'require("net").createServer(s => s.pipe(s)).listen(7)'`,
);

/** As it is marked in plots. */
function marked({ record }: Deployment): Array<{ label: string; from: number; to?: number }> {
  const marks = new Marks();
  const tail = new Tail(new Store(record));
  tail.read(entry => ('mark' in entry || 'over' in entry) && marks.read(entry));
  tail.close();
  return marks.spans.between(0, Date.now());
}

const lasting = (deployment: Deployment): string[] =>
  marked(deployment).flatMap(({ label, to }) => (to === undefined ? [label] : []));

/** Its record would be in a folder of the test. */
function asDeployment(test: TestDeployment, folder: string): Deployment {
  const { record } = test;
  record['x-nxc'].file = join(folder, 'deploy/composition::local.json');
  new Store(record).create();
  const nodes = record['x-nxc'].nodes;
  return { flavour: local, record, nodes, status: () => local.status(record) } as unknown as Deployment;
}

for (const isolation of isolations) {
  const reason = reasons.get(isolation);
  const title = `the network of nodes with isolation ${isolation}${reason ? ` (skipped: ${reason})` : ''}`;
  describe.skipIf(reason)(title, () => {
    let test: TestDeployment;
    let deployment: Deployment;

    /** Whether a node can connect to another one: `refused` is an answer, `silence` none. */
    const reach = async (from: string, to: string): Promise<string> => {
      const { status, timedOut } = await test.exec(from, `exec 3<>/dev/tcp/${to}/7`, { timeoutMs: 1000 });
      return timedOut ? 'silence' : status === 0 ? 'connected' : 'an error';
    };

    const folder = mkdtempSync(join(tmpdir(), 'nxc-test-'));
    beforeAll(async () => {
      const nodes = ['a', 'b', 'c'].map(name => ({ name, role: 'foo' }));
      test = await TestDeployment.start(isolation, [role({ units: [server] })], nodes);
      deployment = asDeployment(test, folder);
      for (const { name } of nodes)
        await test.text(name, `until (exec 3<>/dev/tcp/localhost/7) 2>/dev/null; do sleep 0.02; done`);
    });
    afterEach(async () => {
      await faults.start(deployment, ['a', 'b', 'c'], forever);
      for (const node of ['a', 'b', 'c']) await faults.unblock(deployment, node, forever);
      await faults.heal(deployment, forever);
    });
    afterAll(async () => {
      await test?.stop();
      rmSync(folder, { recursive: true });
    });

    it('loses in silence what groups that are cut off send each other, both ways, until it is healed', async () => {
      expect(await reach('a', 'b')).toBe('connected');
      await faults.partition(deployment, [['a'], ['b', 'c']], forever);
      expect(await Promise.all([reach('a', 'b'), reach('b', 'a'), reach('c', 'a'), reach('b', 'c')])).toEqual(
        ['silence', 'silence', 'silence', 'connected'],
      );
      expect(await cuts(deployment, forever)).toEqual([
        ['a', 'b'],
        ['a', 'c'],
      ]);
      expect(lasting(deployment)).toEqual(['a was cut off from b and c']);
      await faults.heal(deployment, forever);
      expect(await cuts(deployment, forever)).toEqual([]);
      expect(lasting(deployment)).toEqual([]);
      expect(await Promise.all([reach('a', 'b'), reach('b', 'a')])).toEqual(['connected', 'connected']);
    });

    it('keeps connections of before a cut, which go on when it is healed', async () => {
      const talk = test.text(
        'a',
        'exec 3<>/dev/tcp/b/7; echo one >&3; read -r x <&3; echo $x; until [ -e /tmp/cut ]; do sleep 0.02; done; echo two >&3; read -r x <&3; echo $x',
      );
      await test.text(
        'a',
        'until ss -tn 2>/dev/null | grep -q :7 || [ -z "$(type -p ss)" ]; do sleep 0.02; done',
      );
      await faults.partition(deployment, [['a'], ['b']], forever);
      await test.text('a', 'touch /tmp/cut');
      await test.text('a', 'sleep 0.3');
      await faults.heal(deployment, forever);
      expect(await talk).toBe('one\ntwo\n');
    });

    it('is cut for a node that starts again as it was before', async () => {
      await faults.partition(deployment, [['a'], ['b']], forever);
      await faults.crash(deployment, 'a');
      expect(lasting(deployment)).toEqual(['a was cut off from b', 'a was killed']);
      await faults.start(deployment, ['a'], forever);
      expect(lasting(deployment)).toEqual(['a was cut off from b']);
      await faults.heal(deployment, forever);
      expect(await reach('b', 'a')).toBe('connected');
      await faults.partition(deployment, [['a'], ['b']], forever);
      await faults.crash(deployment, 'a');
      expect(await faults.partition(deployment, [['a'], ['c']], forever)).toEqual(['a']);
      await faults.start(deployment, ['a'], forever);
      const silent = await test.text('a', 'ip neigh show nud permanent | wc -l');
      expect(silent).toBe('2\n');
    });

    it('is silent about a node that crashed: its connections stay open at the other end', async () => {
      const talk = test.exec(
        'b',
        'exec 3<>/dev/tcp/a/7; echo one >&3; read -r x <&3; echo $x; read -r x <&3; echo over',
        {
          timeoutMs: 1500,
        },
      );
      await test.text('b', 'until ls /proc/*/fd 2>/dev/null | grep -q "^3$"; do sleep 0.02; done; sleep 0.1');
      await faults.crash(deployment, 'a');
      const { timedOut, stdout } = await talk;
      expect({ timedOut, stdout: stdout.toString() }).toEqual({ timedOut: true, stdout: 'one\n' });
    });

    it('is marked from when a fault is caused to when it has ended, a change of the network as no fault', async () => {
      const before = Date.now();
      const killed = faults.crash(deployment, 'a');
      const asked = Date.now();
      await killed;
      await faults.start(deployment, ['a'], forever);
      const mark = marked(deployment).findLast(({ label }) => label === 'a was killed')!;
      expect(mark.from).toBeGreaterThanOrEqual(before);
      expect(mark.from).toBeLessThanOrEqual(asked);
      expect(mark.to).toBeGreaterThanOrEqual(mark.from);
      await faults.shape(deployment, ['b'], { rate: 10e6 }, forever);
      // A node that runs all the time is not started again, and stays as it is shaped.
      await faults.start(deployment, ['b'], forever);
      expect(marked(deployment).filter(({ to }) => to === undefined)).toMatchObject([
        { kind: 'net', label: 'b sends at most 10mbit' },
      ]);
      await faults.unshape(deployment, ['b'], forever);
      expect(lasting(deployment)).toEqual([]);
    });

    it('is unplugged by block and plugged in again by unblock', async () => {
      await faults.block(deployment, 'a', forever);
      expect(await reach('b', 'a')).not.toBe('connected');
      expect(lasting(deployment)).toEqual(['a was unplugged']);
      await faults.unblock(deployment, 'a', forever);
      // The cable is in when the switch has noticed.
      await expect.poll(() => reach('b', 'a'), { timeout: 10_000 }).toBe('connected');
    });
  });
}

describe('nodes that are plain processes', () => {
  it('have no network to cut, which is told, and can be killed and frozen all the same', async () => {
    await using test = await TestDeployment.start(
      'plain',
      [role()],
      [
        { name: 'a', role: 'foo' },
        { name: 'b', role: 'foo' },
      ],
    );
    const deployment = asDeployment(test, await temporaryFolder());
    await expect(faults.partition(deployment, [['a'], ['b']], forever)).rejects.toThrow(
      /node a has no network of its own\n.*\n.*nxc doctor/,
    );
    expect(await cuts(deployment, forever)).toEqual([]);
    await faults.crash(deployment, 'a');
    await faults.start(deployment, ['a'], forever);
    expect(await test.text('a', 'echo back')).toBe('back\n');
  });
});
