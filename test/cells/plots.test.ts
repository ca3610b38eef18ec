import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KernelProcess, REAL_KERNEL, run, startKernel } from '../helpers/kernel-client.js';

let kernel: KernelProcess;
beforeAll(async () => {
  kernel = await startKernel({ command: REAL_KERNEL });
});
afterAll(() => kernel.stop());

describe('plots in cells', () => {
  it('are drawn while the kernel answers', async () => {
    await run(
      kernel.client,
      'for (let i = 0; i < 2000; i++) await metrics.record("latency", Math.random());',
    );
    const events: string[] = [];
    let over = false;
    const questions = (async () => {
      for (; !over; events.push('answer')) await kernel.client.kernelInfo('control');
    })();
    const { reply } = await run(kernel.client, '%nxc plot latency\n'.repeat(4), {
      onOutput: ({ header }) => events.push(header.msg_type),
    });
    over = true;
    await questions;
    expect(reply.status).toBe('ok');
    expect(events.filter(type => type === 'display_data')).toHaveLength(4);
    expect(events.join(' ')).not.toContain('display_data display_data');
  });
});
