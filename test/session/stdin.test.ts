import { beforeAll, describe, expect, it } from 'vitest';
import { type KernelProcess, run, startKernel, types } from '../helpers/kernel-client.js';

let kernel: KernelProcess;
beforeAll(async () => {
  kernel = await startKernel();
  return kernel.stop;
});

describe('input', () => {
  it('asks the front-end that sent the cell, after what was written before', async () => {
    const asked: unknown[] = [];
    const { outputs } = await run(kernel.client, 'console.log("hi"); input("name? ", {password: true})', {
      stdin: (prompt, password) => {
        asked.push([prompt, password]);
        return 'grüße 🦀';
      },
    });
    expect(asked).toEqual([['name? ', true]]);
    expect(types(outputs)).toEqual(['execute_input', 'stream', 'execute_result']);
    expect(outputs[2]!.content.data).toEqual({ 'text/plain': "'grüße 🦀'" });
  });

  it('asks one question after the other, though the cell asks two at once', async () => {
    const { outputs } = await run(kernel.client, 'Promise.all([input("a"), input("b")])', {
      stdin: async prompt => `${prompt}!`,
    });
    expect(outputs.at(-1)!.content.data).toEqual({ 'text/plain': "[ 'a!', 'b!' ]" });
  });

  it('fails at once with a way out where the front-end allows none', async () => {
    const { reply } = await run(kernel.client, 'input("name? ")');
    expect(reply).toMatchObject({ status: 'error', ename: 'StdinNotAllowed' });
    expect(reply.evalue).toContain('give the value as a parameter');
  });

  it('ends with an interrupt, and the next question is answered by its own answer', async () => {
    let answer = (_: string) => {};
    const first = run(kernel.client, 'input("first")', {
      stdin: () =>
        new Promise(resolve => {
          answer = resolve;
          void kernel.client.interrupt();
        }),
    });
    expect((await first).reply).toMatchObject({ status: 'error', ename: 'InterruptedError' });
    const second = await run(kernel.client, 'input("second")', {
      stdin: () => {
        answer('too late');
        return new Promise(resolve => setImmediate(resolve, 'in time'));
      },
    });
    expect(second.outputs.at(-1)!.content.data).toEqual({ 'text/plain': "'in time'" });
  });
});
