import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { KernelClient } from '../../kernel/protocol/client.js';
import { watchParent } from '../../kernel/session/lifecycle.js';
import { run, type StartOptions, startKernel } from '../helpers/kernel-client.js';
import { temporaryFolder } from '../helpers/temporary.js';

async function start(options?: StartOptions) {
  const kernel = await startKernel(options);
  onTestFinished(kernel.stop);
  return kernel;
}

describe('an interrupt', () => {
  it.each(['message', 'SIGINT'])('by %s stops the cell and keeps the variables', async how => {
    const { client, process } = await start();
    await client.execute('var kept = 42');
    const running = run(client, 'console.log("began"); sleep(60000)', {
      onOutput: ({ header }) => {
        if (header.msg_type !== 'stream') return;
        if (how === 'message') void client.interrupt();
        else process.kill('SIGINT');
      },
    });
    expect((await running).reply).toMatchObject({ status: 'error', ename: 'InterruptedError' });
    expect((await run(client, 'kept')).outputs.at(-1)!.content.data).toEqual({ 'text/plain': '42' });
  });

  it('of an idle kernel does nothing', async () => {
    const { client } = await start();
    expect(await client.interrupt()).toEqual({ status: 'ok' });
    expect((await client.execute('1')).status).toBe('ok');
  });
});

describe('a shutdown', () => {
  it.each([true, false])('with restart %s is answered, passed on, and ends the process', async restart => {
    const log = join(await temporaryFolder(), 'shutdown');
    const { client, exited } = await start({ env: { TEST_SHUTDOWN_LOG: log } });
    await client.execute('1');
    expect(await client.shutdown(restart)).toEqual({ status: 'ok', restart });
    expect(await exited).toBe(0);
    expect(JSON.parse(await readFile(log, 'utf8'))).toEqual({ restart });
  });

  it('is done for its client when it is answered: the rest may be lost with the process', async () => {
    const { connection } = await start();
    const { ports } = connection;
    const deaf = new KernelClient({ ...connection, ports: { ...ports, iopub: ports.hb } });
    onTestFinished(() => deaf.close());
    expect(await deaf.shutdown()).toEqual({ status: 'ok', restart: false });
  });

  it('tells the cells that wait that it is why they are not run', async () => {
    const { client } = await start();
    const long = client.execute('sleep(60000)');
    long.catch(() => {});
    const waiting = client.execute('1');
    waiting.catch(() => {});
    await client.kernelInfo();
    client.shutdown().catch(() => {});
    expect(await waiting).toMatchObject({ evalue: 'not run, as the kernel is ending' });
  });

  it('by SIGTERM stops what the kernel started, like one by message', async () => {
    const log = join(await temporaryFolder(), 'shutdown');
    const { client, exited, process } = await start({ env: { TEST_SHUTDOWN_LOG: log } });
    await client.execute('1');
    process.kill('SIGTERM');
    expect(await exited).toBe(0);
    expect(JSON.parse(await readFile(log, 'utf8'))).toEqual({ restart: false });
  });

  it('takes the processes along that cells left behind', async () => {
    const { client, exited } = await start();
    const { outputs } = await run(client, 'var child = spawn("sleep", ["600"]); child.pid');
    const pid = Number((outputs.at(-1)!.content.data as Record<string, string>)['text/plain']);
    expect(alive(pid)).toBe(true);
    await client.shutdown();
    await exited;
    await expect.poll(() => alive(pid)).toBe(false);
  });

  it('happens by itself when the process that started the kernel is gone', async () => {
    const parent = await sleeper();
    const { exited } = await start({ env: { JPY_PARENT_PID: `${parent.pid}` } });
    parent.kill('SIGKILL');
    expect(await exited).toBe(0);
  });
});

describe('the watch over the parent', () => {
  it('goes by the parent, or by an ancestor behind a wrapper', async () => {
    expect(watchParent(process.ppid)()).toBe(false);
    const ancestor = await sleeper();
    const gone = watchParent(ancestor.pid!);
    expect(gone()).toBe(false);
    ancestor.kill('SIGKILL');
    await once(ancestor, 'exit');
    expect(gone()).toBe(true);
  });

  it('does not take a container, where the starter is out of sight, for an orphanage', () => {
    expect(watchParent(2 ** 22 + 1)()).toBe(false);
    expect(watchParent(Number.NaN)()).toBe(false);
  });
});

describe('a bug outside of any cell', () => {
  it('is logged, and the kernel lives', async () => {
    const { client, log } = await start();
    await client.execute('setTimeout(() => { throw new Error("stray") }, 0)');
    await expect.poll(log).toContain('stray');
    expect((await client.execute('1')).status).toBe('ok');
  });
});

async function sleeper(): Promise<ChildProcess> {
  const child = spawn('sleep', ['600']);
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'spawn');
  return child;
}

/** Whether it runs: one that has ended may wait for a slow init to take note. */
function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
