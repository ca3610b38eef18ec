import { describe, expect, it, onTestFinished } from 'vitest';
import { curveKeyPair, Dealer, Request as RequestSocket, Subscriber } from 'zeromq';
import { KernelClient } from '../../kernel/protocol/client.js';
import { endpoint, freshConnection } from '../../kernel/protocol/connection-file.js';
import { ConnectionError } from '../../kernel/protocol/errors.js';
import { makeMessage } from '../../kernel/protocol/message.js';
import { KernelSockets } from '../../kernel/protocol/sockets.js';
import { Wire } from '../../kernel/protocol/wire.js';
import { run, spawnKernel, startKernel } from '../helpers/kernel-client.js';

describe('the sockets of a kernel', () => {
  it('welcome each subscriber, naming what it subscribed to', async () => {
    const { connection, stop } = await startKernel();
    onTestFinished(stop);
    const subscriber = new Subscriber({ receiveTimeout: 5000, linger: 0 });
    onTestFinished(() => subscriber.close());
    subscriber.connect(endpoint(connection, 'iopub'));
    subscriber.subscribe('');
    const decoded = new Wire(connection.key).decode(await subscriber.receive());
    expect(decoded).toMatchObject({
      message: { header: { msg_type: 'iopub_welcome' }, parent: {}, content: { subscription: '' } },
    });
  });

  it('echo the heartbeat, also while a cell floods its output', async () => {
    const { connection, client, stop } = await startKernel();
    onTestFinished(stop);
    const heart = new RequestSocket({ receiveTimeout: 5000, linger: 0 });
    onTestFinished(() => heart.close());
    heart.connect(endpoint(connection, 'hb'));
    const flood = run(
      client,
      '(async () => { for (let i = 0; i < 50; i++) { for (let j = 0; j < 100; j++) display({"text/plain": "x"}); await sleep(0); } })()',
    );
    for (const beat of ['one', 'two']) {
      await heart.send(beat);
      expect(String(await heart.receive())).toBe(beat);
    }
    expect((await flood).outputs).toHaveLength(5001);
  });

  it('are encrypted with the CurveZMQ keys of the connection file, and mute to those without', async () => {
    const { connection, client, stop } = await startKernel({
      connection: fresh => ({ ...fresh, curve: curveKeyPair() }),
    });
    onTestFinished(stop);
    expect((await run(client, '1 + 1')).outputs.at(-1)!.content.data).toEqual({ 'text/plain': '2' });
    const { curve: _, ...open } = connection;
    const eavesdropper = new KernelClient(open);
    onTestFinished(() => eavesdropper.close());
    await expect(eavesdropper.ready({ signal: AbortSignal.timeout(1000) })).rejects.toThrow('timeout');
  });

  it('send nothing once they are closed: what programs write while the kernel ends is no fault', async () => {
    const connection = await freshConnection('closed');
    const sockets = new KernelSockets(connection, 'closed');
    await sockets.bind(connection);
    const message = makeMessage({
      type: 'stream',
      session: 'closed',
      content: { name: 'stdout', text: 'late' },
    });
    sockets.publish(message);
    sockets.close();
    expect(() => sockets.publish(message)).not.toThrow();
  });

  it('let the first cell wait until its client hears it: not even its first output is lost', async () => {
    const { connection, stop } = await spawnKernel();
    onTestFinished(stop);
    const wire = new Wire(connection.key);
    const shell = new Dealer({ linger: 0, receiveTimeout: 10_000 });
    const iopub = new Subscriber({ linger: 0, receiveTimeout: 10_000 });
    onTestFinished(() => {
      shell.close();
      iopub.close();
    });
    shell.connect(endpoint(connection, 'shell'));
    const send = (type: string, content = {}) =>
      shell.send(wire.encode(makeMessage({ type, session: 's', content })) as Buffer[]);
    await send('execute_request', { code: '1' });
    await send('kernel_info_request');
    expect(wire.decode(await shell.receive())).toMatchObject({
      message: { header: { msg_type: 'kernel_info_reply' } },
    });
    iopub.connect(endpoint(connection, 'iopub'));
    iopub.subscribe();
    const heard: string[] = [];
    for await (const frames of iopub) {
      const decoded = wire.decode(frames);
      if ('message' in decoded) heard.push(decoded.message.header.msg_type);
      if (heard.at(-1) === 'execute_result') break;
    }
    expect(heard).toEqual(['iopub_welcome', 'status', 'execute_input', 'execute_result']);
  });

  it('ask over stdin although the cell asks before its client is connected there', async () => {
    const { connection, client, stop } = await startKernel();
    onTestFinished(stop);
    const wire = new Wire(connection.key);
    const dealer = () => new Dealer({ linger: 0, receiveTimeout: 10_000, routingId: 'late' });
    const [shell, stdin] = [dealer(), dealer()];
    onTestFinished(() => {
      shell.close();
      stdin.close();
    });
    const asking = new Promise<void>(resolve => {
      client.onIopub(({ content }) => content.text === 'about to ask\n' && resolve());
    });
    shell.connect(endpoint(connection, 'shell'));
    const content = { code: 'console.log("about to ask"); input("name? ")', allow_stdin: true };
    const request = makeMessage({ type: 'execute_request', session: 's', content });
    await shell.send(wire.encode(request) as Buffer[]);
    await asking;
    stdin.connect(endpoint(connection, 'stdin'));
    expect(wire.decode(await stdin.receive())).toMatchObject({
      message: { header: { msg_type: 'input_request' }, content: { prompt: 'name? ' } },
    });
  });

  it('say which port is taken', async () => {
    const connection = await freshConnection();
    const first = new KernelSockets(connection, 'first');
    onTestFinished(() => first.close());
    await first.bind(connection);
    const second = new KernelSockets(connection, 'second');
    await expect(second.bind(connection)).rejects.toThrow(ConnectionError);
    await expect(new KernelSockets(connection, 'third').bind(connection)).rejects.toThrow(/already taken/);
  });
});

describe('a client', () => {
  it('rejects what is not answered when the kernel dies, with its last words', async () => {
    const { client, stop } = await startKernel();
    onTestFinished(stop);
    await expect(client.execute('process.exit(3)')).rejects.toThrow('the kernel has ended (3)');
    await expect(client.kernelInfo()).rejects.toThrow('the kernel has ended (3)');
  });
});
