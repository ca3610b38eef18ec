import { describe, expect, it } from 'vitest';
import { runOnNodes } from '../../src/commands/run-on-nodes.js';
import type { Node } from '../../src/composition/types.js';
import type { Deployment } from '../../src/deployment/deployment.js';
import { TransportError } from '../../src/transports/errors.js';
import type { Transport } from '../../src/transports/transport.js';
import { fourNodes, hostDeployment, RecordingDisplay } from '../driver/harness.js';

const context = () => ({ display: new RecordingDisplay(), signal: new AbortController().signal });

describe('a script on several nodes', () => {
  it('shows every line behind its node, and a table with the result of each', async () => {
    const { display, signal } = context();
    const results = await runOnNodes(
      { deployment: hostDeployment(fourNodes), nodes: fourNodes, script: 'echo "I am $NODE_NAME"' },
      { display, signal },
    );
    expect(results.map(({ node, stdout }) => [node, stdout])).toEqual(
      fourNodes.map(({ name }) => [name, `I am ${name}\n`]),
    );
    expect(display.text).toContain('client-2 │');
    expect(await display.plain()).toMatch(/client-1\s+ok/);
  });

  it('is stopped on the others when it fails on one', async () => {
    const { display, signal } = context();
    const script = ({ name }: Node) => (name === 'server' ? 'exit 3' : 'sleep 1000');
    const results = await runOnNodes(
      { deployment: hostDeployment(fourNodes), nodes: fourNodes, script },
      { display, signal },
    );
    expect(results.map(({ node, status }) => [node, status])).toEqual([['server', 3]]);
    expect(await display.plain()).toMatch(/client-1\s+stopped/);
  });

  it('goes on on the others when asked to', async () => {
    const script = ({ name }: Node) => (name === 'server' ? 'exit 3' : 'true');
    const deployment = hostDeployment(fourNodes);
    const results = await runOnNodes({ deployment, nodes: fourNodes, script, keepGoing: true }, context());
    expect(results.map(({ status }) => status)).toEqual([3, 0, 0, 0]);
  });

  const withoutServer = (): Deployment => {
    const host = hostDeployment(fourNodes);
    const gone = { exec: () => Promise.reject(new TransportError('server is gone')) } as unknown as Transport;
    return {
      ...host,
      transport: (name: string) => (name === 'server' ? gone : host.transport(name)),
    } as Deployment;
  };

  it('rejects with what keeps a node from being reached, and stops the others', async () => {
    const running = runOnNodes(
      { deployment: withoutServer(), nodes: fourNodes, script: 'sleep 1000' },
      context(),
    );
    await expect(running).rejects.toMatchObject({ name: 'TransportError', message: 'server is gone' });
  });

  it('shows what the others said before it tells which one was not reached', async () => {
    const { display, signal } = context();
    const running = runOnNodes(
      { deployment: withoutServer(), nodes: fourNodes, script: 'hostname >/dev/null', keepGoing: true },
      { display, signal },
    );
    await expect(running).rejects.toThrow('server is gone');
    const table = await display.plain();
    expect(table).toMatch(/server\s+not reached/);
    expect(table.match(/ ok /g)).toHaveLength(3);
  });

  it.each([
    [undefined, 256],
    [7, 7],
  ])('runs on a limited number of nodes at a time: of 600 with limit %s on %d', async (maxParallel, most) => {
    const nodes = Array.from({ length: 600 }, (_, index) => ({ name: `n${index}`, role: 'n' }));
    let now = 0;
    let peak = 0;
    const nothing = Buffer.alloc(0);
    const exec = async () => {
      peak = Math.max(peak, ++now);
      await new Promise(resolve => setImmediate(resolve));
      now--;
      return { status: 0, stdout: nothing, stderr: nothing, startedAt: new Date(), durationMs: 0 };
    };
    const deployment = { transport: () => ({ exec }) } as unknown as Deployment;
    const limit = maxParallel === undefined ? {} : { maxParallel };
    const results = await runOnNodes({ deployment, nodes, script: 'true', ...limit }, context());
    expect([results.length, peak]).toEqual([600, most]);
  });
});
