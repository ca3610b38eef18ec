import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Content } from '../../kernel/protocol/message.js';
import { type KernelProcess, REAL_KERNEL, run, startKernel, types } from '../helpers/kernel-client.js';

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

  it('appear in the order of the cell, and before its reply', async () => {
    const { outputs, reply } = await run(
      kernel.client,
      `metrics.record('size', 1); console.log('before');
%nxc plot size
%nxc plot size --title Second
console.log('between');
await plot([{ n: 1, time: 2 }, { n: 2, time: 4 }], { title: 'Third' });
console.log('after');`,
    );
    expect(reply.status).toBe('ok');
    const texts = outputs.map(({ content }) => content.text ?? (content.data as Content)?.['text/plain']);
    const words = texts.join('\n').match(/before|^size\b|Second|between|Third|after/gm);
    expect(words).toEqual(['before', 'size', 'Second', 'size', 'between', 'Third', 'after']);
    const pictures = outputs.filter(({ content }) => (content.data as Content)?.['image/png']);
    expect(pictures).toHaveLength(3);
  });

  it('that nobody awaited belong to their cell all the same', async () => {
    const { outputs } = await run(kernel.client, 'plot([{ n: 1, time: 2 }, { n: 2, time: 4 }]); 1');
    expect(types(outputs)).toContain('display_data');
  });
});
