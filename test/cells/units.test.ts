import { afterAll, beforeAll, expect, it } from 'vitest';
import { service } from '../flavours/local/deployment.js';
import { type KernelProcess, REAL_KERNEL, run, startKernel } from '../helpers/kernel-client.js';
import { builtProject } from '../helpers/local-project.js';

let kernel: KernelProcess;
beforeAll(async () => {
  kernel = await startKernel({ command: REAL_KERNEL });
});
afterAll(() => kernel.stop());

it('Tab inside of a method’s unit completes the units of that node, in cells of every kind, before and while it runs', async () => {
  const project = await builtProject(['foo', 'bar-1'], '', [service('web', 'exec sleep 1000')]);
  await run(kernel.client, `%cd ${project}`);
  const places = [
    'foo.waitForUnit("',
    '%cd /usr\nawait nodes.byRole("foo").stopJob("',
    '%%time\nfoo.getUnitInfo("',
    "%%nxc driver\nfoo.wait_for_unit('",
    '%%nxc driver\nbar_1.systemctl("restart ',
  ];
  const completed = async () => {
    for (const place of places) {
      const code = `${place}we")\n`;
      const cursor = place.length + 2;
      expect(await kernel.client.complete(code, cursor)).toMatchObject({
        matches: ['web.service'],
        cursor_start: place.length,
        cursor_end: cursor,
      });
    }
  };
  await completed();
  expect((await run(kernel.client, '%nxc start')).reply.status).toBe('ok');
  await completed();
  expect((await kernel.client.complete('foo.succeed("we')).matches).toEqual([]);
});
