import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Dealer } from 'zeromq';
import { endpoint } from '../../kernel/protocol/connection-file.js';
import { makeMessage } from '../../kernel/protocol/message.js';
import { Wire } from '../../kernel/protocol/wire.js';
import { type KernelProcess, run, startKernel } from '../helpers/kernel-client.js';

let kernel: KernelProcess;
beforeAll(async () => {
  kernel = await startKernel();
  return kernel.stop;
});

describe('bad input', () => {
  it('without code, of an unknown type, or to an unknown subshell is answered with what is wrong', async () => {
    const { client } = kernel;
    expect(await client.request('shell', 'execute_request', {})).toMatchObject({
      status: 'error',
      ename: 'RequestError',
      evalue: expect.stringContaining('no proper "code"'),
    });
    expect(await client.request('shell', 'complete_request', { code: 7 })).toMatchObject({ status: 'error' });
    expect(await client.request('control', 'toString_request', {})).toMatchObject({
      evalue: 'this kernel does not know toString_request',
    });
    expect(await client.execute('1', { subshellId: 'nowhere' })).toMatchObject({
      status: 'error',
      evalue: expect.stringContaining('there is no subshell nowhere'),
    });
    expect(await client.request('shell', 'history_request', { hist_access_type: 3 })).toMatchObject({
      status: 'error',
    });
  });

  it.each(['shell', 'control', 'stdin'] as const)(
    'on %s that cannot be trusted is dropped and counted',
    async channel => {
      const { client, connection, log } = kernel;
      const socket = new Dealer({ linger: 0 });
      onTestFinished(() => socket.close());
      socket.connect(endpoint(connection, channel));
      const forged = new Wire('not the key');
      const evil = makeMessage({ type: 'execute_request', session: 'x', content: { code: 'var evil = 1' } });
      await socket.send([Buffer.from('noise')]);
      await socket.send(['<IDS|MSG>', '', '{', '', '', '']);
      await socket.send(forged.encode(evil) as Buffer[]);
      for (const fault of ['no delimiter', 'bad signature']) await expect.poll(log).toContain(fault);
      expect((await run(client, 'typeof evil')).outputs.at(-1)!.content.data).toEqual({
        'text/plain': "'undefined'",
      });
    },
  );
});

describe('a comm', () => {
  it('that nobody serves is closed', async () => {
    const { client } = kernel;
    const closed = new Promise(resolve => {
      const stop = client.onIopub(message => {
        if (message.header.msg_type !== 'comm_close') return;
        stop();
        resolve(message.content.comm_id);
      });
    });
    client.tell('shell', 'comm_open', { comm_id: 'c1', target_name: 'jupyter.widget', data: {} });
    expect(await closed).toBe('c1');
    expect(await client.request('shell', 'comm_info_request', {})).toEqual({ status: 'ok', comms: {} });
  });
});

describe('a debugger', () => {
  it('is refused in the shape that debuggers understand', async () => {
    const reply = await kernel.client.request('control', 'debug_request', {
      type: 'request',
      seq: 9,
      command: 'attach',
    });
    expect(reply).toMatchObject({ type: 'response', request_seq: 9, command: 'attach', success: false });
  });
});

describe('a subshell', () => {
  it('runs cells while the main shell is busy, and lasts until it is deleted', async () => {
    const { client } = kernel;
    const { subshell_id: id } = await client.request('control', 'create_subshell_request', {});
    expect(await client.request('control', 'list_subshell_request', {})).toMatchObject({ subshell_id: [id] });
    const subshellId = String(id);
    let done = false;
    const long = client
      .execute('new Promise(resolve => { globalThis.finish = resolve })')
      .then(() => (done = true));
    expect((await run(client, '6 * 7', { subshellId })).outputs.at(-1)!.content.data).toEqual({
      'text/plain': '42',
    });
    expect(done).toBe(false);
    await expect.poll(async () => (await client.execute('finish()', { subshellId })).status).toBe('ok');
    await long;
    expect(await client.request('control', 'delete_subshell_request', { subshell_id: id })).toEqual({
      status: 'ok',
    });
    expect(await client.execute('1', { subshellId })).toMatchObject({ status: 'error' });
  });

  it('that is deleted tells so to the cells that wait in it', async () => {
    const { client } = kernel;
    const { subshell_id: id } = await client.request('control', 'create_subshell_request', {});
    const subshellId = String(id);
    const long = client.execute('sleep(60000)', { subshellId });
    const waiting = client.execute('1', { subshellId });
    // Answered at once and in the order of arrival: by then the cells above have arrived.
    await client.kernelInfo();
    await client.request('control', 'delete_subshell_request', { subshell_id: id });
    expect(await waiting).toMatchObject({ evalue: 'not run, as its subshell was deleted' });
    await client.interrupt();
    expect(await long).toMatchObject({ ename: 'InterruptedError' });
  });
});
