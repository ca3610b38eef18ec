import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Message } from '../../kernel/protocol/message.js';
import { type KernelProcess, REAL_KERNEL, run, startKernel, streamText } from '../helpers/kernel-client.js';
import { temporaryFolder } from '../helpers/temporary.js';
import { until } from '../helpers/until.js';

let kernel: KernelProcess;
let folder: string;
beforeAll(async () => {
  kernel = await startKernel({ command: REAL_KERNEL });
});
afterAll(() => kernel.stop());
beforeEach(async () => {
  folder = await temporaryFolder();
  await run(kernel.client, `%cd ${folder}`);
});

const cell = (code: string) => run(kernel.client, code);

/** A program in the background that goes on until `release` is there; its number is in `pid`. */
const waiting = 'until [ -e release ]; do sleep 0.02; done';
const isRunning = (pid: string) => existsSync(`/proc/${pid.trim()}/cwd`);

describe('a %%sh cell that leaves a program in the background', () => {
  it('is done when its shell is, and the next cell runs', async () => {
    const { outputs, reply } = await cell(
      `%%sh\nnohup bash -c '${waiting}' > server.log &\necho $! > pid\necho started`,
    );
    expect(reply.status).toBe('ok');
    expect(streamText(outputs)).toBe('started\n');
    const pid = await readFile(join(folder, 'pid'), 'utf8');
    expect(isRunning(pid)).toBe(true);
    expect((await cell("'next'")).reply.status).toBe('ok');
    expect(isRunning(pid)).toBe(true);
    await writeFile(join(folder, 'release'), '');
    await until(() => !isRunning(pid));
  });

  it('gets what that writes later, also while another cell runs', async () => {
    const outputs: Message[] = [];
    await kernel.client.execute(`%%sh\n(${waiting}; echo late; echo wrong >&2; touch written) &\necho now`, {
      onOutput: message => outputs.push(message),
    });
    expect(streamText(outputs)).toBe('now\n');
    const later = await cell(
      `import fs from 'node:fs'; fs.writeFileSync('release', ''); while (!fs.existsSync('written')) await new Promise(r => setTimeout(r, 10)); console.log('mine')`,
    );
    await until(
      () => streamText(outputs).includes('late') && streamText(outputs, 'stderr').includes('wrong'),
    );
    expect(streamText(later.outputs)).toBe('mine\n');
  });

  it('has its own status, whatever becomes of the program', async () => {
    const failed = await cell(`%%sh\n(${waiting}) &\necho $! > pid\nexit 3`);
    expect(String(failed.reply.evalue)).toContain('status 3');
    const pid = await readFile(join(folder, 'pid'), 'utf8');
    expect(isRunning(pid)).toBe(true);
    await writeFile(join(folder, 'release'), '');
    await until(() => !isRunning(pid));
  });

  it('shows what a process substitution makes of its output', async () => {
    const { outputs } = await cell("%%sh\nexec > >(sed 's/^/log: /')\necho one\necho two");
    expect(streamText(outputs)).toBe('log: one\nlog: two\n');
  });

  it('ends with all it started when it is interrupted', async () => {
    const running = cell(`%%sh\n(trap '' INT; ${waiting}) &\necho $! > pid\ntouch ready\nsleep 1000`);
    await until(() => existsSync(join(folder, 'ready')));
    await kernel.client.interrupt();
    expect((await running).reply.ename).toBe('InterruptedError');
    const pid = await readFile(join(folder, 'pid'), 'utf8');
    await until(() => !isRunning(pid));
  });
});

describe('the end of a kernel', () => {
  it.each([
    ['shut down', false],
    ['restarted', true],
  ])(
    'that is %s ends programs of %%%%sh in the background; those with a session of their own go on',
    async (_, restart) => {
      const own = await startKernel({ command: REAL_KERNEL, cwd: folder });
      onTestFinished(own.stop);
      const loop = "trap 'touch asked; exit' TERM; echo $BASHPID > pid; while :; do sleep 0.02; done";
      await run(own.client, `%%sh\n(${loop}) > log 2>&1 &\nuntil [ -s pid ]; do sleep 0.02; done`);
      await run(
        own.client,
        `%%sh\nsetsid bash -c 'echo $$ > daemon; ${waiting}' > log 2>&1 &\nuntil [ -s daemon ]; do sleep 0.02; done`,
      );
      const [pid, daemon] = await Promise.all(
        ['pid', 'daemon'].map(name => readFile(join(folder, name), 'utf8')),
      );
      await own.client.shutdown(restart);
      expect(await own.exited).toBe(0);
      expect(existsSync(join(folder, 'asked'))).toBe(true);
      await until(() => !isRunning(pid!));
      expect(isRunning(daemon!)).toBe(true);
      await writeFile(join(folder, 'release'), '');
      await until(() => !isRunning(daemon!));
    },
  );
});
