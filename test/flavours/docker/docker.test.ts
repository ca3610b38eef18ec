import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createManager } from '../../../src/deployment/manager.js';
import { InterruptedError } from '../../../src/errors.js';
import * as faults from '../../../src/faults/index.js';
import { counters as readCounters } from '../../../src/flavours/docker/counters.js';
import { docker } from '../../../src/flavours/docker/index.js';
import { JobBoard } from '../../../src/jobs/board.js';
import { cuts } from '../../../src/network/partition.js';
import { TransportError } from '../../../src/transports/errors.js';
import { temporaryFolder } from '../../helpers/temporary.js';
import { until } from '../../helpers/until.js';
import { built, engine, noDocker, silent, start, text, thingsOf } from './deployment.js';

const signal = new AbortController().signal;

describe.skipIf(noDocker)(`a deployment of flavour docker${noDocker ? ` (${noDocker})` : ''}`, () => {
  it('has a container for each node, named, labelled and recorded', async () => {
    const project = await built({ server: {}, client: {} });
    const deployment = await start(project, { client: 2 });
    const { record } = deployment;
    const { run, owner, runtime } = record['x-nxc'];
    expect(
      await Promise.all(['server', 'client1', 'client2'].map(n => text(deployment, n, 'hostname'))),
    ).toEqual(['server\n', 'client1\n', 'client2\n']);
    const compose = runtime.project as string;
    expect(await thingsOf(run)).toEqual(
      expect.arrayContaining([
        `/${compose}-client1`,
        `/${compose}-server`,
        `${compose}_default`,
        `${compose}_nxc-shared`,
      ]),
    );
    const [container] = await engine().get<Array<{ Labels: object }>>('/containers/json', {
      query: { filters: { name: [`${compose}-server`] } },
    });
    expect(container!.Labels).toMatchObject({
      'nxc.run': run,
      'nxc.owner': owner,
      'nxc.project': project.directory,
      'nxc.deployment': 'composition::docker',
    });
    const written = JSON.parse(await readFile(record['x-nxc'].file, 'utf8'));
    expect(written).toMatchObject({
      nodes: ['client1', 'client2', 'server'],
      deployment: { client1: { role: 'client' }, client2: { role: 'client' }, server: { role: 'server' } },
      test_script: join(project.directory, 'test-script.py'),
    });
    expect(JSON.parse(readFileSync(written['docker-compose-file'], 'utf8')).services).toHaveProperty(
      'client2',
    );
    expect(existsSync(join(project.directory, 'artifact/composition/docker/docker-compose.json'))).toBe(true);
    expect(await deployment.status()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          name: 'server',
          state: 'running',
          address: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/),
        }),
      ]),
    );
  });

  it('tells nodes who they are, and lets them find each other', async () => {
    const deployment = await start(await built({ a: {}, b: {} }), {}, { parameters: { x: 1 } });
    const seen = JSON.parse(await text(deployment, 'a', 'cat /etc/nxc/deployment.json'));
    expect(seen).toMatchObject({ deployment: { a: { role: 'a' }, b: { role: 'b' } }, parameters: { x: 1 } });
    expect(seen).not.toHaveProperty('x-nxc');
    expect(
      await text(deployment, 'a', 'cat /etc/nxc/deployment.json >/dev/null && echo ok', { user: 'alice' }),
    ).toBe('ok\n');
    // A name resolves or the connection attempt says that it does not.
    expect((await deployment.transport('a').exec('exec 3<>/dev/tcp/b/1')).stderr.toString()).toMatch(
      /refused/,
    );
  });

  it('publishes ports on the loopback alone, and says when two nodes want the same one', async () => {
    const port = 20000 + (process.pid % 10000);
    const server = { ports: [`${port}:7`] };
    const deployment = await start(await built({ server }));
    expect(await reachable('127.0.0.1', port)).toBe(true);
    const address = (await deployment.status())[0]!.address!;
    const gateway = address.replace(/\d+$/, '1');
    expect(await reachable(gateway, port)).toBe(false);
    await expect(start(await built({ server }), { server: 2 })).rejects.toThrow(
      `nodes server1 and server2 cannot both have port ${port}`,
    );
    const taken = start(await built({ server }));
    await expect(taken).rejects.toThrow(
      `server cannot have port ${port} of this machine\nfound: something else listens on 127.0.0.1:${port}\n`,
    );
  });

  it('takes extra volumes of the composition', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'seen'), 'from outside');
    const deployment = await start(await built({ a: { volumes: [`${folder}:/data`] } }));
    expect(await text(deployment, 'a', 'cat /data/seen; echo back >/data/left')).toBe('from outside');
    expect(readFileSync(join(folder, 'left'), 'utf8')).toBe('back\n');
  });

  it('runs beside another one of the same project name, and each ends alone', async () => {
    const [first, second] = [await start(await built({ a: {} })), await start(await built({ a: {} }))];
    await text(first, 'a', 'echo first >/var/nxc/shared/who');
    expect((await second.transport('a').exec('cat /var/nxc/shared/who')).status).toBe(1);
    await docker.stop(first.record, new JobBoard(signal));
    expect(await thingsOf(first.record['x-nxc'].run)).toEqual([]);
    expect(await text(second, 'a', 'hostname')).toBe('a\n');
    expect(await thingsOf(second.record['x-nxc'].run)).toHaveLength(3);
  });

  it('leaves nothing when it stops, and stopping again is no error', async () => {
    const project = await built({ a: {}, b: {} });
    const { record } = await start(project);
    await docker.stop(record, new JobBoard(signal));
    await docker.stop(record, new JobBoard(signal));
    expect(await thingsOf(record['x-nxc'].run)).toEqual([]);
    expect(await readdir(join(project.directory, 'artifact/composition/docker'))).toEqual([]);
    expect((await docker.leftovers()).map(({ run }) => run)).not.toContain(record['x-nxc'].run);
  });

  it('removes no folder that a foreign record names', async () => {
    const { record } = await start(await built({ server: {} }));
    const victim = await temporaryFolder();
    await writeFile(join(victim, 'thesis.tex'), '');
    const { runtime } = record['x-nxc'];
    record['x-nxc'].runtime = { ...runtime, project: `../../../../..${victim}` };
    const adopted = { folder: '/nonexistent', shared: victim };
    for (const lie of [{ adopted }, {}]) {
      const { 'x-nxc': ours } = record;
      const told = { ...record, 'x-nxc': { ...ours, runtime: { ...ours.runtime, ...lie } } };
      await docker.stop(told, silent());
    }
    expect(await readdir(victim)).toEqual(['thesis.tex']);
    expect(await thingsOf(record['x-nxc'].run)).toEqual([]);
  });

  it('leaves nothing when its start is interrupted', async () => {
    const project = await built({ a: {}, b: {} });
    const interruption = new AbortController();
    const board = new JobBoard(interruption.signal);
    const starting = start(project, { b: 3 }, {}, board);
    const folder = join(project.directory, 'deploy');
    await until(() => board.snapshots().some(({ step }) => step === 'created' || step === 'booting'));
    const [file] = await readdir(folder);
    const { run } = JSON.parse(await readFile(join(folder, file!), 'utf8'))['x-nxc'];
    interruption.abort();
    await expect(starting).rejects.toThrow(InterruptedError);
    expect(await thingsOf(run)).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe.skipIf(noDocker)('a node of flavour docker', () => {
  it('is reached again after it was restarted from outside', async () => {
    const deployment = await start(await built({ a: {} }));
    const [id] = Object.values(deployment.record['x-nxc'].runtime.containers as Record<string, string>);
    await text(deployment, 'a', 'echo kept >/root-file');
    await engine().post(`/containers/${id}/restart`, { query: { t: 5 } });
    expect(await text(deployment, 'a', 'cat /root-file')).toBe('kept\n');
  });

  it('is reached although the agent that it began with was killed before it served', async () => {
    const deadly = 'until kill -KILL -1; do :; done; exec sleep 1000';
    const deployment = await start(
      await built({ a: { command: ['/bin/bash', '-c', deadly] } }),
      {},
      { waitTimeoutMs: 60_000 },
    );
    expect(await text(deployment, 'a', 'hostname')).toBe('a\n');
  });

  it('is made anew when something else removed its container', async () => {
    const deployment = await start(await built({ a: {}, b: {} }));
    const { containers } = deployment.record['x-nxc'].runtime as { containers: Record<string, string> };
    await engine().delete(`/containers/${containers.a}`, { query: { force: true } });
    await expect(deployment.transport('a').exec('true')).rejects.toThrow('nxc start a');
    await faults.start(deployment, ['a'], signal);
    expect(await text(deployment, 'a', 'hostname; cat /etc/nxc/deployment.json')).toMatch(/^a\n\{/);
    const noted = await createManager().require(deployment.record['x-nxc'].project);
    expect(noted.record['x-nxc'].runtime).toMatchObject({
      containers: { a: expect.not.stringMatching(containers.a!), b: containers.b },
    });
    expect(docker.inNetwork!(noted.record, 'a')).toContain('--net');
  });

  it('can be shut down, crashed, paused and brought back', async () => {
    const deployment = await start(await built({ a: {}, b: {} }));
    const { record } = deployment;
    const control = docker.control!(record);
    const state = async () => (await docker.status(record)).find(({ name }) => name === 'a')!.state;
    for (const end of ['shutdown', 'crash'] as const) {
      for (let twice = 0; twice < 2; twice++) await control[end]('a', signal);
      expect(await state()).toBe('off');
      await expect(deployment.transport('a').exec('true')).rejects.toThrow(TransportError);
      for (let twice = 0; twice < 2; twice++) await control.start('a', signal);
      expect(await state()).toBe('running');
      expect(await text(deployment, 'a', 'hostname')).toBe('a\n');
    }
    for (let twice = 0; twice < 2; twice++) await control.pause('a');
    expect(await state()).toBe('paused');
    for (let twice = 0; twice < 2; twice++) await control.resume('a');
    expect(await text(deployment, 'a', 'hostname')).toBe('a\n');
    expect(await text(deployment, 'b', 'hostname')).toBe('b\n');
  });

  it('runs commands as a user of its own, with coreutils alone', async () => {
    const deployment = await start(await built({ a: {} }));
    expect(await text(deployment, 'a', 'id -un; id -Gn; pwd', { user: 'alice' })).toBe(
      'alice\nalice staff\n/home/alice\n',
    );
    // Longer than one argument of a program may be: the user's shell reads it from a file.
    for (const size of [40_000, 40_001])
      expect(await text(deployment, 'a', `id -un #${'x'.repeat(size)}`, { user: 'alice' })).toBe('alice\n');
    const { status, stderr } = await deployment.transport('a').exec('true', { user: 'bob' });
    expect([status, stderr.toString()]).toEqual([1, "no user 'bob' on this node\n"]);
  });

  it('takes and gives files', async () => {
    const deployment = await start(await built({ a: {} }));
    const folder = await temporaryFolder();
    const bytes = randomBytes(200_000);
    await mkdir(join(folder, 'up'));
    await writeFile(join(folder, 'up/file'), bytes, { mode: 0o600 });
    const node = deployment.transport('a');
    await node.upload(join(folder, 'up'), '/data/there');
    await node.download('/data/there', join(folder, 'down'));
    expect(readFileSync(join(folder, 'down/file')).equals(bytes)).toBe(true);
    expect(statSync(join(folder, 'down/file')).uid).toBe(process.getuid!());
  });

  it('is measured from outside, its own network and processes alone', async () => {
    const deployment = await start(await built({ a: {}, b: {} }));
    const source = readCounters(deployment.record);
    const of = async (node: string) => (await source.read()).find(one => one.node === node)!;
    const before = await of('a');
    await text(deployment, 'a', 'for ((i = 0; i < 500000; i++)); do :; done');
    const after = await of('a');
    const other = await of('b');
    expect(after.cpuSeconds! - before.cpuSeconds!).toBeGreaterThan(0.2);
    expect(other.cpuSeconds).toBeLessThan(after.cpuSeconds!);
    expect(after.memoryBytes).toBeGreaterThan(0);
    expect(after.receivedBytes).toBeGreaterThanOrEqual(before.receivedBytes!);
    await docker.control!(deployment.record).crash('a');
    expect((await source.read()).map(({ node }) => node)).toEqual(['b']);
  });

  it('has the log of its container', async () => {
    // Compose itself reads `$`; upstream leaves it so.
    const noisy = ['/bin/bash', '-c', 'for i in 1 2 3; do echo line $$i; done; exec sleep 1000'];
    const deployment = await start(await built({ a: { command: noisy }, b: { command: noisy, tty: false } }));
    for (const node of ['a', 'b']) {
      const lines = [];
      for await (const line of deployment.logs(node, { lines: 2 })) lines.push(line);
      expect(lines.map(({ text }) => text)).toEqual(['line 2', 'line 3']);
      expect(lines[0]).toMatchObject({
        node,
        unit: 'container',
        time: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
      });
    }
    // Of a terminal on a terminal, of a progress bar, and of something that is no text at all.
    const odd = `printf 'one\\r\\r\\n10%%\\r20%%\\r\\ntwo words\\n\\377\\376 x\\n'; exec sleep 1000`;
    const other = await start(await built({ a: { command: ['/bin/bash', '-c', odd] } }));
    const texts = [];
    for await (const { text, time } of other.logs('a', {})) texts.push(time ? text : `${text} at no time`);
    expect(texts).toEqual(['one', '10%', '20%', 'two words', '\ufffd\ufffd x']);
    const journal = deployment.logs('a', { unit: 'web' })[Symbol.asyncIterator]();
    await expect(journal.next()).rejects.toThrow('the node has no journalctl');
  });

  it('has a network that programs of this machine can enter', async () => {
    const deployment = await start(await built({ a: {} }));
    const argv = docker.inNetwork!(deployment.record, 'a');
    const { execFileSync } = await import('node:child_process');
    const addresses = execFileSync(argv[0]!, [...argv.slice(1), 'cat', '/proc/net/fib_trie']).toString();
    expect(addresses).toContain((await deployment.status())[0]!.address);
  });

  it("is cut off from the right nodes when others came back with each other's address", async () => {
    const deployment = await start(await built({ a: {}, b: {}, c: {} }));
    const address = async (name: string) =>
      (await deployment.status()).find(node => node.name === name)!.address!;
    // A refusal is an answer.
    const hears = async (from: string, to: string) => {
      const command = `exec 3<>/dev/tcp/${await address(to)}/7`;
      return !(await deployment.transport(from).exec(command, { timeoutMs: 2000 })).timedOut;
    };
    const before = [await address('a'), await address('b')];
    await faults.partition(deployment, [['a'], ['c']], signal);
    for (const node of ['a', 'b']) await faults.crash(deployment, node);
    // The engine gives the lowest address that is free.
    for (const node of before[0]! < before[1]! ? ['b', 'a'] : ['a', 'b'])
      await faults.start(deployment, [node], signal);
    expect([await address('b'), await address('a')]).toEqual(before);
    expect(deployment.nodes.find(({ name }) => name === 'a')!.address).toBe(await address('a'));
    await faults.heal(deployment, signal);
    await faults.partition(deployment, [['a'], ['c']], signal);
    expect(await cuts(deployment, signal)).toEqual([['a', 'c']]);
    expect([await hears('c', 'b'), await hears('c', 'a'), await hears('a', 'c')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

function reachable(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host, port, timeout: 2000 });
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}
