import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { nxc } from '../../helpers/executable.js';
import { REAL_KERNEL, run, startKernel } from '../../helpers/kernel-client.js';
import { builtProject } from '../../helpers/local-project.js';
import { temporaryFolder } from '../../helpers/temporary.js';
import { scripts } from '../scripts-harness.js';

/** What `order.txt` holds when these scripts ran one after the other and their interpreter was closed. */
async function order(...sources: string[]): Promise<string> {
  const folder = await temporaryFolder();
  const { python, session } = scripts();
  const { run: script } = session();
  const beginning = `
import atexit, threading, time
def note(text):
    with open(${JSON.stringify(join(folder, 'order.txt'))}, "a") as file:
        file.write(text + " ")
`;
  for (const source of [beginning, ...sources]) await script(source);
  await python.close();
  return (await readFile(join(folder, 'order.txt'), 'utf8').catch(() => '')).trim();
}

test('what scripts register with atexit runs when the interpreter is closed, the last one first', async () => {
  expect(await order('atexit.register(note, "first")', 'atexit.register(note, "second")')).toBe(
    'second first',
  );
});

test('an exit function that fails keeps no other from its turn', async () => {
  expect(await order('atexit.register(note, "other")\natexit.register(lambda: 1 / 0)')).toBe('other');
});

test('exit functions use machines as the script did', async () => {
  expect(await order('atexit.register(lambda: note(server.succeed("echo from $NODE_NAME").strip()))')).toBe(
    'from server',
  );
});

test('threads of scripts are waited for, and then exit functions run', async () => {
  expect(
    await order(
      'def later():\n    time.sleep(0.2)\n    note("thread")\nthreading.Thread(target=later).start()\natexit.register(note, "exit")',
    ),
  ).toBe('thread exit');
});

test('what does not end is killed', async () => {
  expect(
    await order('atexit.register(note, "never")\natexit.register(lambda: (note("begun"), time.sleep(1000)))'),
  ).toBe('begun');
  expect(await order('threading.Thread(target=lambda: time.sleep(1000)).start()\nnote("script")')).toBe(
    'script',
  );
});

test('a script that still runs is interrupted, and exit functions run', async () => {
  const folder = await temporaryFolder();
  const { python, session } = scripts();
  const { run: script, display } = session();
  const running = script(
    `import atexit, pathlib\natexit.register(pathlib.Path(${JSON.stringify(join(folder, 'done'))}).touch)\nprint("begun")\nserver.sleep(1000)`,
  );
  const failed = expect(running).rejects.toThrow();
  await expect.poll(() => display.text, { timeout: 20_000 }).toContain('begun');
  await python.close();
  await failed;
  expect(existsSync(join(folder, 'done'))).toBe(true);
});

test.each([
  ['shut down', 'shutdown'],
  ['restarted', 'restart'],
  ['ended by SIGTERM', 'SIGTERM'],
] as const)('code of %%nxc driver cleans up when the kernel is %s', async (_, how) => {
  const project = await builtProject(['foo']);
  expect(await nxc(['start'], { cwd: project })).toMatchObject({ status: 0 });
  const kernel = await startKernel({ command: REAL_KERNEL, cwd: project });
  onTestFinished(kernel.stop);
  const lock = join(project, 'lock.tmp');
  const code = `%%nxc driver\nimport atexit\nopen("lock.tmp", "w").close()\natexit.register(os.unlink, ${JSON.stringify(lock)})`;
  expect((await run(kernel.client, code)).reply.status).toBe('ok');
  expect(existsSync(lock)).toBe(true);
  if (how === 'SIGTERM') kernel.process.kill(how);
  else await kernel.client.shutdown(how === 'restart');
  expect(await kernel.exited).toBe(0);
  expect(existsSync(lock)).toBe(false);
});
