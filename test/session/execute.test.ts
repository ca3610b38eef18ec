import { beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../kernel/protocol/message.js';
import { type KernelProcess, run, startKernel, streamText, types } from '../helpers/kernel-client.js';

let kernel: KernelProcess;
beforeAll(async () => {
  kernel = await startKernel();
  return kernel.stop;
});

/** What a front-end sees of one cell: every iopub message that belongs to it. */
async function transcript(code: string): Promise<Message[]> {
  const seen: Message[] = [];
  // The welcome to the subscription has no parent, and may come as late as this.
  const stop = kernel.client.onIopub(message => message.parent.msg_id && seen.push(message));
  await kernel.client.execute(code);
  stop();
  return seen;
}

describe('a cell', () => {
  it('is announced, shows its output, its result, and then that it is done', async () => {
    const seen = await transcript('console.log("hello"); 1 + 1');
    expect(types(seen)).toEqual(['status', 'execute_input', 'stream', 'execute_result', 'status']);
    expect(seen.map(({ parent }) => parent.msg_id)).toEqual(Array(5).fill(seen[0]!.parent.msg_id));
    expect(seen[3]!.content.data).toEqual({ 'text/plain': '2' });
    expect(seen[3]!.content.execution_count).toBe(seen[1]!.content.execution_count);
  });

  it('that fails shows exactly one error, after what it wrote', async () => {
    const seen = await transcript('console.log("before"); null.x');
    expect(types(seen)).toEqual(['status', 'execute_input', 'stream', 'error', 'status']);
    expect(seen[3]!.content).toMatchObject({ ename: 'TypeError', evalue: expect.stringContaining('null') });
  });

  it('counts, but not when it is silent or keeps no history', async () => {
    const { client } = kernel;
    const count = async (options = {}) => (await client.execute('1', options)).execution_count as number;
    const before = await count();
    expect(await count({ silent: true })).toBe(before);
    expect(await count({ storeHistory: false })).toBe(before);
    expect(await count()).toBe(before + 1);
  });

  it('that is silent shows neither its code nor its result', async () => {
    expect(types((await run(kernel.client, 'console.log(1); 2', { silent: true })).outputs)).toEqual([
      'stream',
    ]);
  });

  it('gives the values of user expressions, and each one its own error', async () => {
    const { reply } = await run(kernel.client, 'var a = 20', {
      userExpressions: { good: 'a + 1', bad: 'nothing' },
    });
    expect(reply.user_expressions).toMatchObject({
      good: { status: 'ok', data: { 'text/plain': '21' }, metadata: {} },
      bad: { status: 'error', ename: 'ReferenceError' },
    });
  });

  it('fails those behind it when it fails, unless it was told otherwise', async () => {
    const { client } = kernel;
    const [failed, , queued] = await Promise.all([
      client.execute('input("").then(() => { throw new Error("stop") })', { stdin: () => '' }),
      client.kernelInfo(),
      client.execute('var ran = true'),
    ]);
    expect(failed).toMatchObject({ status: 'error', ename: 'Error', evalue: 'stop' });
    expect(queued).toMatchObject({ status: 'error', ename: 'Aborted', traceback: [expect.any(String)] });
    expect(
      (await client.execute('typeof ran', { userExpressions: { ran: 'typeof ran' } })).user_expressions,
    ).toMatchObject({
      ran: { data: { 'text/plain': "'undefined'" } },
    });
    const [, goes] = await Promise.all([
      client.execute('throw 1', { stopOnError: false }),
      client.execute('1'),
    ]);
    expect(goes.status).toBe('ok');
  });

  it('fails all of "Run All" that were sent before its reply, and none sent after it', async () => {
    const { client } = kernel;
    await client.execute('var ran = 0');
    // The answer leaves the client when all of them have.
    const failed = client.execute('input("").then(() => { throw new Error("stop") })', { stdin: () => '' });
    const behind = Array.from({ length: 2000 }, () => client.execute('ran++'));
    const next = failed.then(() => client.execute('ran'));
    const aborted = (await Promise.all(behind)).filter(({ ename }) => ename === 'Aborted');
    expect(aborted).toHaveLength(2000);
    // They never had a number: a front-end shows none.
    expect(aborted.filter(reply => 'execution_count' in reply)).toEqual([]);
    expect(await next).toMatchObject({ status: 'ok' });
    expect((await client.execute('', { userExpressions: { ran: 'ran' } })).user_expressions).toMatchObject({
      ran: { data: { 'text/plain': '0' } },
    });
  });

  it('shows displays in order with the text around them, and updates them by their id', async () => {
    const { outputs } = await run(
      kernel.client,
      `console.log("a"); console.log("b"); display({"text/plain": "one"}, {displayId: "d"}); console.error("c");
       display({"text/plain": "two"}, {displayId: "d", update: true}); clearOutput({wait: true})`,
    );
    expect(types(outputs)).toEqual([
      'execute_input',
      'stream',
      'display_data',
      'stream',
      'update_display_data',
      'clear_output',
    ]);
    expect(outputs[1]!.content).toEqual({ name: 'stdout', text: 'a\nb\n' });
    expect(outputs[2]!.content).toEqual({
      data: { 'text/plain': 'one' },
      metadata: {},
      transient: { display_id: 'd' },
    });
    expect(outputs[4]!.content).toMatchObject({
      data: { 'text/plain': 'two' },
      transient: { display_id: 'd' },
    });
    expect(outputs[5]!.content).toEqual({ wait: true });
  });

  it('gets its own late output, even while another cell runs', async () => {
    let heard = (_: Message) => {};
    const late = new Promise<Message>(resolve => {
      heard = message => message.header.msg_type === 'stream' && resolve(message);
    });
    await kernel.client.execute('setTimeout(() => console.log("late"), 50)', {
      onOutput: message => heard(message),
    });
    const other = await run(kernel.client, 'console.log("other"); sleep(300)');
    expect((await late).content.text).toBe('late\n');
    expect(streamText(other.outputs)).toBe('other\n');
  });

  it('loses none of 100,000 lines, and the kernel answers meanwhile', async () => {
    const { client } = kernel;
    const running = run(
      client,
      '(async () => { for (let i = 0; i < 100000; i++) { console.log(i); if (i % 1000 === 0) await sleep(0); } })()',
    );
    const answered = await client.kernelInfo('control');
    expect(answered.status).toBe('ok');
    const { outputs } = await running;
    const lines = streamText(outputs).trimEnd().split('\n');
    expect(lines).toHaveLength(100_000);
    expect(lines.every((line, i) => line === String(i))).toBe(true);
    expect(outputs.length).toBeLessThan(1000);
  });

  it('loses none of 20,000 displays sent at once', async () => {
    const { outputs } = await run(
      kernel.client,
      'for (let i = 0; i < 20000; i++) display({"text/plain": String(i)})',
    );
    const shown = outputs
      .slice(1)
      .map(({ content }) => (content.data as { 'text/plain': string })['text/plain']);
    expect(shown).toEqual(Array.from({ length: 20_000 }, (_, i) => String(i)));
  });
});
