import { beforeAll, describe, expect, it } from 'vitest';
import { type KernelProcess, startKernel } from '../helpers/kernel-client.js';

let kernel: KernelProcess;
beforeAll(async () => {
  kernel = await startKernel();
  await kernel.client.execute('var alpha = 1; var alphabet = "abc"');
  return kernel.stop;
});

describe('completion', () => {
  it('gives the names, where they go, and their types in the same order', async () => {
    expect(await kernel.client.complete('1 + alph')).toMatchObject({
      status: 'ok',
      matches: ['alpha', 'alphabet'],
      cursor_start: 4,
      cursor_end: 8,
      metadata: {
        _jupyter_types_experimental: [
          { text: 'alpha', type: 'number', start: 4, end: 8 },
          { text: 'alphabet', type: 'string', start: 4, end: 8 },
        ],
      },
    });
  });

  it('counts characters as people do: an emoji is one', async () => {
    const reply = await kernel.client.complete('"🦀🦀" + alph + 1', 11);
    expect(reply).toMatchObject({ matches: ['alpha', 'alphabet'], cursor_start: 7, cursor_end: 11 });
  });

  it('takes a cursor at the very beginning for what it is', async () => {
    expect(await kernel.client.complete('alph', 0)).toMatchObject({ cursor_start: 0, cursor_end: 0 });
  });

  it('answers while a cell runs, and the front-end still sees the cell running', async () => {
    const { client } = kernel;
    const states: unknown[] = [];
    const stop = client.onIopub(({ header, content }) => {
      if (header.msg_type === 'status') states.push(content.execution_state);
    });
    // It runs until it is answered.
    let answer = (_: string) => {};
    const stdin = () =>
      new Promise<string>(resolve => {
        answer = resolve;
      });
    const running = client.execute('input("")', { stdin });
    await expect.poll(() => states).toContain('busy');
    expect((await client.complete('alph')).matches).toEqual(['alpha', 'alphabet']);
    await expect.poll(() => states.at(-1)).toBe('busy');
    answer('');
    await running;
    stop();
    expect(states.at(-1)).toBe('idle');
  });
});

describe('inspection', () => {
  it('shows what is known of a name, and says when nothing is', async () => {
    expect(await kernel.client.inspect('alpha')).toMatchObject({ found: true, data: { 'text/plain': '1' } });
    expect(await kernel.client.inspect('omega')).toMatchObject({ status: 'ok', found: false, data: {} });
  });
});

describe('is_complete', () => {
  it.each([
    ['1 + 1', { status: 'complete' }],
    ['function f() {', { status: 'incomplete', indent: '  ' }],
    ['1 +* 1', { status: 'invalid' }],
  ])('judges %j', async (code, expected) => {
    expect(await kernel.client.isComplete(code)).toEqual(expected);
  });
});

describe('kernel_info', () => {
  it('says what this kernel is, on shell and control', async () => {
    const info = await kernel.client.kernelInfo();
    expect(info).toMatchObject({
      status: 'ok',
      protocol_version: '5.4',
      implementation: 'nxc',
      language_info: { name: 'typescript', mimetype: 'application/typescript', file_extension: '.ts' },
      supported_features: ['kernel subshells'],
      debugger: false,
    });
    expect(await kernel.client.kernelInfo('control')).toEqual(info);
  });
});
