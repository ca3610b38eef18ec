import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Isolation, tryNamespaces } from '../../../src/flavours/local/isolation.js';
import { role, service, TestDeployment } from './deployment.js';

const root = await tryNamespaces('root');
const user = await tryNamespaces('user');
const isolation: Isolation = root === undefined ? 'root' : user === undefined ? 'user' : 'plain';

const often = { wantedBy: [], startLimitBurst: 0 };

describe(`what a start by systemctl comes to (isolation ${isolation})`, { timeout: 60_000 }, () => {
  let node: TestDeployment;
  const text = (command: string) => node.text('n', command);

  beforeAll(async () => {
    node = await TestDeployment.start(
      isolation,
      [
        role({
          units: [
            ...Array.from({ length: 12 }, (_, i) => service(`dying${i}`, 'exit 5', often)),
            service('sleeper', 'exec sleep 1000', often),
            service('stubborn', "trap 'sleep 0.3; exit 0' TERM; while :; do sleep 0.05; done", often),
            service('preparing', 'sleep 1000', { ...often, type: 'oneshot' }),
            service('after-dying', 'exec sleep 1000', {
              ...often,
              requires: ['dying0.service'],
              after: ['dying0.service'],
            }),
            service('after-broken', 'exec sleep 1000', {
              ...often,
              requires: ['broken.service'],
              after: ['broken.service'],
            }),
            service('broken', 'exit 3', { ...often, type: 'oneshot' }),
            service('trying', 'exit 3', { ...often, type: 'oneshot', restart: 'on-failure', restartMs: 100 }),
          ],
        }),
      ],
      [{ name: 'n', role: 'foo' }],
    );
  });
  afterAll(() => node?.stop());

  it('is success for a service that dies right after it, however late systemctl sees that', async () => {
    const one = 'for i in {1..8}; do systemctl start dying$n || echo "dying$n: $?"; done';
    expect(await text(`for n in {0..11}; do (${one}) & done; wait`)).toBe('');
  });

  it('is success for what requires such a service, and not for what requires one that cannot start', async () => {
    await text('systemctl start after-dying; systemctl is-active after-dying');
    expect(await node.exec('n', 'systemctl start after-broken')).toMatchObject({ status: 1 });
  });

  it('is one process, of many starts at once', async () => {
    for (let i = 0; i < 5; i++) {
      await text('for i in {1..8}; do systemctl start sleeper & done; wait');
      expect(await text('systemctl -q is-active sleeper; pgrep -cfx "sleep 1000"')).toMatch(/^[12]\n$/);
      await text('systemctl stop sleeper');
    }
  });

  it('follows a stop that still goes on', async () => {
    for (const option of ['', '--no-block']) {
      await text('systemctl start stubborn');
      const before = await text('systemctl show -P MainPID stubborn');
      await text(`systemctl stop --no-block stubborn; systemctl start ${option} stubborn`);
      await text(
        `until [[ $(systemctl show -P ActiveState stubborn) == active && $(systemctl show -P MainPID stubborn) != ${before.trim()} ]]; do sleep 0.05; done`,
      );
    }
    await text('systemctl stop stubborn');
  });

  it('ends with a stop that comes before it is done', async () => {
    for (let i = 0; i < 5; i++) {
      await text('systemctl start --no-block sleeper; systemctl stop sleeper');
      expect((await node.exec('n', 'systemctl is-active sleeper')).stdout.toString()).toBe('inactive\n');
    }
    const canceled = await text(
      'systemctl start preparing 2>&1 & until [[ $(systemctl show -P SubState preparing) == start ]]; do sleep 0.05; done; systemctl stop preparing; wait $!; echo $?; systemctl is-active preparing; true',
    );
    expect(canceled).toBe('Job for preparing.service canceled.\n1\ninactive\n');
  });

  it('is a failure for what cannot start although it is tried again', async () => {
    expect(await node.exec('n', 'systemctl start trying')).toMatchObject({ status: 1 });
    await text('systemctl stop trying');
  });
});
