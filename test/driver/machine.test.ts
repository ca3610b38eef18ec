import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Node } from '../../src/composition/types.js';
import type { Deployment } from '../../src/deployment/deployment.js';
import { TransportError } from '../../src/transports/errors.js';
import { type BoundMachine, boundMachine, hostDeployment } from './harness.js';

const foo: Node = { name: 'foo', role: 'foo' };
const deployment = hostDeployment([foo]);
let folder: string;
let log: string[];
const machine = (signal?: AbortSignal) =>
  boundMachine(foo, deployment, {
    cwd: folder,
    write: line => log.push(line),
    ...(signal ? { signal } : {}),
  });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nxc-machine-'));
  log = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A systemctl on the node's PATH that answers from a file. */
async function withSystemctl<T>(answers: string, work: (machine: BoundMachine) => Promise<T>): Promise<T> {
  await writeFile(join(folder, 'systemctl'), `#!/bin/bash\n${answers}\n`, { mode: 0o755 });
  const path = process.env.PATH;
  process.env.PATH = `${folder}:${path}`;
  try {
    return await work(machine());
  } finally {
    process.env.PATH = path;
  }
}

describe('commands on a machine', () => {
  it('execute gives status, both streams and the node, whatever the status', async () => {
    const result = await machine().execute('echo out; echo err >&2; exit 3');
    expect(result).toMatchObject({
      node: 'foo',
      status: 3,
      stdout: 'out\n',
      stderr: 'err\n',
      timedOut: false,
    });
    expect([...result]).toEqual([3, 'out\n']);
    expect(result[0]).toBe(3);
    expect(JSON.parse(JSON.stringify(result))).not.toHaveProperty('0');
  });

  it('execute may be what ends the node when nobody asks for the status', async () => {
    const gone = new TransportError('its agent is not running');
    const dying = { ...deployment, transport: () => ({ exec: () => Promise.reject(gone) }) };
    const last = boundMachine(foo, dying as unknown as Deployment, { cwd: folder, write: () => {} });
    expect(await last.execute('poweroff', { checkReturn: false })).toMatchObject({ status: -1, stdout: '' });
    await expect(last.execute('poweroff')).rejects.toThrow(gone);
  });

  it('a pipe whose first part fails is a failure', async () => {
    await expect(machine().succeed('false | true')).rejects.toThrow('command failed on foo: false | true');
  });

  it('succeed joins the output of several commands and stops at the first failure', async () => {
    expect(await machine().succeed('echo one', 'echo two')).toBe('one\ntwo\n');
    await expect(
      machine().succeed('true', 'echo no >&2; exit 4', `touch ${folder}/ran`),
    ).rejects.toMatchObject({
      name: 'AssertionFailed',
      message: expect.stringMatching(/status 4.*\nstderr:\n {2}no/),
      data: { status: 4, node: 'foo' },
    });
    await expect(readFile(join(folder, 'ran'))).rejects.toThrow();
  });

  it('fail is the opposite, and a command that hangs is not a failure that was asked for', async () => {
    expect(await machine().fail('echo why; exit 1')).toBe('why\n');
    await expect(machine().fail('true')).rejects.toThrow('should have failed');
    await expect(machine().fail('sleep 60', { timeout: 0.2 })).rejects.toThrow('did not end');
  });

  it('a timeout keeps what was written until then', async () => {
    const result = await machine().execute('echo early; sleep 60', { timeout: 0.3 });
    expect(result).toMatchObject({ status: -1, timedOut: true, stdout: 'early\n' });
  });

  it('a failure shows the last lines only', async () => {
    const error = await machine()
      .succeed('seq 1 500; exit 1')
      .catch(e => e as Error);
    expect(String(error)).toContain('last 15 of 500 lines');
    expect(String(error)).toContain('  500');
    expect(String(error)).not.toContain('  485\n');
  });
});

describe('waiting', () => {
  it('waitUntilSucceeds returns the output of the try that succeeded', async () => {
    const counter = join(folder, 'n');
    const out = await machine().waitUntilSucceeds(
      `echo x >> ${counter}; test $(wc -l < ${counter}) -ge 4; echo done`,
    );
    expect(out).toBe('done\n');
    expect((await readFile(counter, 'utf8')).length).toBe(8);
  });

  it('waitUntilSucceeds ends with the last output when the time is over', async () => {
    await expect(machine().waitUntilSucceeds('echo not yet; false', { timeout: 0.2 })).rejects.toThrow(
      /within 200 ms[\s\S]*not yet/,
    );
  });

  it('waitUntilFails honours its own timeout', async () => {
    await machine().waitUntilFails('false');
    await expect(machine().waitUntilFails('true', { timeout: 0.1 })).rejects.toThrow('did not fail');
  });

  it('an interrupt ends a wait at once', async () => {
    const controller = new AbortController();
    const waiting = machine(controller.signal).waitForFile(join(folder, 'never'));
    setTimeout(() => controller.abort(), 50);
    await expect(waiting).rejects.toMatchObject({ name: 'InterruptedError' });
  });

  it('waitForOpenPort and waitForClosedPort follow a real listener', async () => {
    const server = createServer();
    const port = await new Promise<number>(resolve => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    await machine().waitForOpenPort(port, { addr: '127.0.0.1' });
    const closed = machine().waitForClosedPort(port);
    server.close();
    await closed;
    await expect(machine().waitForOpenPort(port, { timeout: 0.1 })).rejects.toThrow(`port ${port} is open`);
    await expect(machine().waitForOpenPort(70000)).rejects.toThrow('not a TCP port');
  });

  it('waitForFile takes any file name', async () => {
    const path = join(folder, `it's $(here); "x"`);
    const waiting = machine().waitForFile(path);
    await writeFile(path, '');
    await waiting;
  });
});

describe('units', () => {
  it('an active unit ends the wait', () =>
    withSystemctl(
      'echo "ActiveState=active"; echo "MainPID=12"; echo "ExecStart={ path=/bin/x ; argv[]=x a=b }"',
      async m => {
        await m.waitForUnit('web');
        expect(await m.getUnitProperty('web', 'MainPID')).toBe('12');
        expect((await m.getUnitInfo('web')).ExecStart).toBe('{ path=/bin/x ; argv[]=x a=b }');
        await expect(m.requireUnitState('web', 'inactive')).rejects.toThrow(
          'should be inactive on foo, and is active',
        );
      },
    ));

  it('a unit that failed ends it too, with the last lines of its log', () =>
    withSystemctl('echo "ActiveState=failed"; echo "Result=exit-code"; echo "ExecMainStatus=1"', async m => {
      await expect(m.waitForUnit('web')).rejects.toThrow(
        /web\.service failed \(exit-code, exit status 1\)[\s\S]*the last words of x/,
      );
    }));

  it('a unit that nothing will start ends it', () =>
    withSystemctl(
      'case "$*" in *list-jobs*) echo No jobs running.;; *) echo ActiveState=inactive;; esac',
      async m => {
        await expect(m.waitForUnit('web')).rejects.toThrow('nothing is about to start it');
      },
    ));

  it('a unit that is still starting is waited for', () =>
    withSystemctl(
      `n=${'$'}{0%/*}/n; echo x >> $n; test $(wc -l < $n) -ge 3 && echo ActiveState=active || echo ActiveState=activating`,
      async m => m.waitForUnit('web'),
    ));

  it('a unit that does not exist is said so', () =>
    withSystemctl('echo LoadState=not-found; echo ActiveState=inactive', async m => {
      await expect(m.waitForUnit('wbe')).rejects.toThrow('there is no unit wbe.service on foo');
    }));
});

describe('files', () => {
  it('copies from the host and back, relative to the working directory', async () => {
    await writeFile(join(folder, 'a.txt'), 'hello');
    await machine().copyFromHost('a.txt', join(folder, 'deep/er/b.txt'));
    await machine().copyFromMachine(join(folder, 'deep/er/b.txt'), 'results');
    expect(await readFile(join(folder, 'results/b.txt'), 'utf8')).toBe('hello');
  });
});
