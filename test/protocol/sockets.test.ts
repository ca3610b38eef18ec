import { describe, expect, it, onTestFinished } from 'vitest';
import { curveKeyPair, Request as RequestSocket, Subscriber } from 'zeromq';
import { KernelClient } from '../../kernel/protocol/client.js';
import { endpoint, freshConnection } from '../../kernel/protocol/connection-file.js';
import { ConnectionError } from '../../kernel/protocol/errors.js';
import { KernelSockets } from '../../kernel/protocol/sockets.js';
import { Wire } from '../../kernel/protocol/wire.js';
import { run, startKernel } from '../helpers/kernel-client.js';

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
