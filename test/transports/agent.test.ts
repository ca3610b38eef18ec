import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { assetPath } from '../../src/assets.js';
import { InterruptedError } from '../../src/errors.js';
import { AgentTransport } from '../../src/transports/agent/agent-transport.js';
import { isServed } from '../../src/transports/agent/control.js';
import { TransportError } from '../../src/transports/errors.js';
import { until } from '../helpers/until.js';

/** A real agent, in a plain process. */
class Agent {
  readonly process: ChildProcess;

  constructor(readonly runtime = mkdtempSync('/tmp/nxc-agent-test-')) {
    const lib = assetPath('src/transports/agent');
    const script = `. "$NXC_LIB/agent.sh"; agent_open; agent_other() { :; }; agent_serve`;
    this.process = spawn('bash', ['-c', script], {
      detached: true,
      stdio: 'ignore',
      env: {
        PATH: process.env.PATH,
        HOME: this.runtime,
        NXC_LIB: lib,
        NXC_RUN: this.runtime,
        LC_CTYPE: 'C.UTF-8',
      },
    });
  }

  async served(): Promise<this> {
    await until(() => isServed(this.runtime));
    return this;
  }

  transport(): AgentTransport {
    const { runtime } = this;
    return new AgentTransport({ node: 'n1', runtime, runtimeOnNode: runtime, shellCommand: () => ['bash'] });
  }

  kill(): void {
    try {
      process.kill(-this.process.pid!, 'SIGKILL');
    } catch {
      // It is dead already.
    }
  }

  remove(): void {
    this.kill();
    rmSync(this.runtime, { recursive: true, force: true });
  }
}

/** Processes of this machine whose command line is exactly that. */
async function running(transport: AgentTransport, argv: string): Promise<number> {
  const command = `for f in /proc/[0-9]*/cmdline; do { tr '\\0' ' ' <$f; echo; } 2>/dev/null; done | grep -cxF ${JSON.stringify(`${argv} `)}`;
  return Number((await transport.exec(command)).stdout.toString());
}

const unique = (): string => `${3600 + Math.floor(Math.random() * 1e6)}`;

describe('a command on a node through its agent', () => {
  let agent: Agent;
  let node: AgentTransport;

  beforeAll(async () => {
    agent = await new Agent().served();
    node = agent.transport();
  });
  afterAll(async () => {
    await node.close();
    agent.remove();
  });

  const text = async (command: string, options = {}) => (await node.exec(command, options)).stdout.toString();

  it('gives status, stdout and stderr apart', async () => {
    const result = await node.exec('echo out; echo err >&2; exit 7');
    expect(result).toMatchObject({ status: 7, timedOut: false, droppedBytes: 0 });
    expect([result.stdout.toString(), result.stderr.toString()]).toEqual(['out\n', 'err\n']);
  });

  it('gives every byte as it was', async () => {
    const bytes = randomBytes(300_000);
    const { stdout } = await node.exec('cat', { stdin: bytes });
    expect(stdout.equals(bytes)).toBe(true);
  });

  it('fails when a part of a pipe fails, unless told otherwise', async () => {
    expect((await node.exec('false | true')).status).toBe(1);
    expect((await node.exec('false | true', { pipefail: false })).status).toBe(0);
  });

  it.each([
    ['exec bash -c "exit 5"', 5],
    ['trap "exit 9" EXIT; true', 9],
    ['trap "echo bye" EXIT; exit 3', 3],
    ['kill -9 $$', 137],
    ['set -e; false; true', 1],
    ['(exit 4) || exit 6', 6],
    ['echo "unclosed', 2],
    ['', 0],
    ['# only a comment', 0],
    ['cat <<X\nhere\nX', 0],
    ['nosuchprogram', 127],
  ])('has the right status for %j', async (command, status) => {
    expect((await node.exec(command)).status).toBe(status);
  });

  it('has a clean shell: no arguments, no variables of ours, the home folder', async () => {
    expect(await text('echo "$#|$REPLY|$_U|$PWD"')).toBe(`0|||${agent.runtime}\n`);
  });

  it('takes environment and folder, whatever they hold', async () => {
    const env = { A: `it's "$HOME" \\ \n\`x\``, B: '' };
    expect(await text('printf "%s|%s|%s" "$A" "$B" "$PWD"', { env, cwd: '/usr' })).toBe(`${env.A}||/usr`);
  });

  it('runs commands that are longer than one argument may be', async () => {
    expect(await text(`echo ${'x'.repeat(500_000)} | wc -c`)).toBe('500001\n');
  });

  it('keeps the newest bytes of a long output and tells how many it dropped, while callbacks see all', async () => {
    let seen = 0;
    const { stdout, droppedBytes } = await node.exec('head -c 50000000 /dev/zero; echo end', {
      keepBytes: 1000,
      onStdout: chunk => {
        seen += chunk.length;
      },
    });
    expect(stdout.length).toBe(1000);
    expect(stdout.subarray(-4).toString()).toBe('end\n');
    expect([seen, droppedBytes]).toEqual([50_000_004, 50_000_004 - 1000]);
  });

  it('streams output while the command runs', async () => {
    let answered = '';
    const marker = join(agent.runtime, 'go-on');
    await node.exec(`echo first; until [ -e ${marker} ]; do sleep 0.01; done; echo second`, {
      onStdout: chunk => {
        answered += chunk;
        if (answered === 'first\n') writeFileSync(marker, '');
      },
    });
    expect(answered).toBe('first\nsecond\n');
  });

  it('is killed with all its children at the timeout, those that ignore TERM too, and the node goes on', async () => {
    const seconds = unique();
    const command = `trap '' TERM; (trap '' TERM; sleep ${seconds}) & sleep ${seconds}`;
    const result = await node.exec(`echo started; ${command}`, { timeoutMs: 200 });
    expect(result).toMatchObject({ status: -1, timedOut: true });
    expect(result.stdout.toString()).toBe('started\n');
    await until(async () => (await running(node, `sleep ${seconds}`)) === 0);
  });

  it('is killed by an abort, and exec rejects with InterruptedError', async () => {
    const seconds = unique();
    const controller = new AbortController();
    const done = node.exec(`sleep ${seconds} | cat`, { signal: controller.signal });
    await until(async () => (await running(node, `sleep ${seconds}`)) === 1);
    controller.abort();
    await expect(done).rejects.toThrow(InterruptedError);
    await until(async () => (await running(node, `sleep ${seconds}`)) === 0);
    await expect(node.exec('true', { signal: controller.signal })).rejects.toThrow(InterruptedError);
  });

  it('ends although a child in the background holds its output, which the next command does not see', async () => {
    const file = join(agent.runtime, 'released');
    const { stdout } = await node.exec(
      `(until [ -e ${file} ]; do sleep 0.01; done; echo late; echo ok >${file}2) & echo now`,
    );
    expect(stdout.toString()).toBe('now\n');
    const next = node.exec(`touch ${file}; until [ -e ${file}2 ]; do sleep 0.01; done; echo next`);
    expect((await next).stdout.toString()).toBe('next\n');
    expect(readFileSync(`${file}2`, 'utf8')).toBe('ok\n');
  });

  it('runs beside 100 others', async () => {
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, i) => node.exec(`sleep 0.1; echo ${i}; echo e${i} >&2; exit ${i}`)),
    );
    expect(results.map(({ status }) => status)).toEqual(results.map((_, i) => i));
    expect(results.map(({ stdout }) => stdout.toString())).toEqual(results.map((_, i) => `${i}\n`));
    expect(results.map(({ stderr }) => stderr.toString())).toEqual(results.map((_, i) => `e${i}\n`));
  });

  it('runs beside 2000 others', { timeout: 120_000 }, async () => {
    const results = await Promise.all(Array.from({ length: 2000 }, () => node.exec('true')));
    expect(results.filter(({ status }) => status !== 0)).toEqual([]);
  });

  it('starts although as many as may run at once wait for it', async () => {
    const file = join(agent.runtime, 'all-run');
    const waiting = Array.from({ length: 70 }, () =>
      node.exec(`until [ -e ${file} ]; do sleep 0.1; done`, { timeoutMs: 30_000 }),
    );
    await node.exec(`touch ${file}`);
    expect((await Promise.all(waiting)).filter(({ status }) => status !== 0)).toEqual([]);
  });

  it('is interrupted at once while it waits for others', async () => {
    const controller = new AbortController();
    const others = Array.from({ length: 64 }, () => node.exec('sleep 0.5'));
    const waiting = node.exec('true', { signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toThrow(InterruptedError);
    await Promise.all(others);
    expect(await text('echo fine')).toBe('fine\n');
  });

  it('is refused as a user with an impossible name, and fails as one that does not exist', async () => {
    await expect(node.exec('true', { user: 'a b' })).rejects.toThrow(/cannot be the name of a user/);
    const { status, stderr } = await node.exec('true', { user: 'nosuchuser' });
    expect([status, stderr.toString()]).toEqual([1, "no user 'nosuchuser' on this node\n"]);
  });

  it('reaches the same node from a second client', async () => {
    await using other = agent.transport();
    expect((await other.exec('echo hello')).stdout.toString()).toBe('hello\n');
    expect(await text('echo still here')).toBe('still here\n');
  });

  it('copies files and folders both ways', async () => {
    const here = mkdtempSync('/tmp/nxc-agent-test-');
    try {
      const bytes = randomBytes(200_000);
      writeFileSync(join(here, 'a file'), bytes);
      symlinkSync('a file', join(here, 'latest'));
      const there = join(agent.runtime, "it's/new");
      await node.upload(here, there);
      await node.download(there, join(here, 'back'));
      expect(readFileSync(join(here, 'back', 'a file')).equals(bytes)).toBe(true);
      for (const copy of [there, join(here, 'back')])
        expect(readlinkSync(join(copy, 'latest'))).toBe('a file');
      await expect(node.download('/no/such/file', here)).rejects.toThrow(/No such file/);
      await expect(node.upload(join(here, 'nothing'), there)).rejects.toThrow(
        `cannot copy ${join(here, 'nothing')} to n1:${there}\nfound: this machine has no ${join(here, 'nothing')}`,
      );
    } finally {
      rmSync(here, { recursive: true, force: true });
    }
  });
});

const mayMount = process.getuid?.() === 0;

describe.skipIf(!mayMount)(
  `a node without room for files${mayMount ? '' : ' (needs root for a small file system)'}`,
  () => {
    it('fails every command that it cannot take, at once and with the reason, and goes on when there is room', async () => {
      const small = mkdtempSync('/tmp/nxc-agent-test-');
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,nr_inodes=100', 'tmpfs', small]);
      const agent = new Agent(small);
      onTestFinished(() => {
        agent.kill();
        execFileSync('umount', ['-l', small]);
        agent.remove();
      });
      await agent.served();
      const fill = () => {
        for (let n = 0; ; n++) {
          try {
            writeFileSync(join(small, `ballast-${n}`), '');
          } catch {
            return;
          }
        }
      };
      const empty = () => {
        for (const name of readdirSync(small)) if (name.startsWith('ballast')) rmSync(join(small, name));
      };
      const full =
        /no command can be given to node n1\nfound: .*[Nn]o space left on device.*\nto do: make room/;

      fill();
      await using node = agent.transport();
      await expect(node.exec('echo first')).rejects.toThrow(full);
      empty();
      expect((await node.exec('echo first')).stdout.toString()).toBe('first\n');

      fill();
      // More than wait ready, and none ends before the last began: all but those need FIFOs of their own.
      const all = await Promise.allSettled(
        Array.from({ length: 8 }, () => node.exec('sleep 0.2; echo many')),
      );
      expect(all.some(({ status }) => status === 'rejected')).toBe(true);
      for (const one of all) if (one.status === 'rejected') expect(one.reason.message).toMatch(full);
      empty();
      const again = await Promise.all(Array.from({ length: 8 }, () => node.exec('echo again')));
      expect(again.map(({ stdout }) => stdout.toString())).toEqual(Array(8).fill('again\n'));
    });
  },
);

describe('an agent that dies', () => {
  it('in part, by its own command, fails that command, ends the rest of it, and serves the next one', async () => {
    const agent = await new Agent().served();
    const node = agent.transport();
    try {
      const seconds = unique();
      await Promise.all([node.exec('sleep 0.1'), node.exec('sleep 0.1')]);
      const command = node.exec(`kill -9 $PPID; sleep ${seconds}`);
      await expect(command).rejects.toThrow(/node n1 is unknown: its agent process was killed/);
      expect((await node.exec('echo fine')).stdout.toString()).toBe('fine\n');
      await until(async () => (await running(node, `sleep ${seconds}`)) === 0);
    } finally {
      await node.close();
      agent.remove();
    }
  });

  it('but for the process that serves is served again by the next command', async () => {
    const agent = await new Agent().served();
    const node = agent.transport();
    try {
      const command = node.exec('kill -9 $PPID $$');
      await expect(command).rejects.toThrow(/its agent process was killed/);
      expect((await node.exec('echo fine')).stdout.toString()).toBe('fine\n');
    } finally {
      await node.close();
      agent.remove();
    }
  });

  it('after its transport was closed leaves no rejection behind', async () => {
    const agent = await new Agent().served();
    try {
      for (const command of ['true', 'x'.repeat(100_000)]) {
        const node = agent.transport();
        const first = node.exec(command);
        const closed = node.close();
        await expect(first).rejects.toThrow(/its connection was closed/);
        await closed;
        await expect(node.exec('true')).rejects.toThrow(/its connection was closed/);
        const other = agent.transport();
        await other.exec('true');
        const second = other.exec(command);
        await Promise.resolve();
        await Promise.all([expect(second).rejects.toThrow(/its connection was closed/), other.close()]);
      }
    } finally {
      agent.remove();
    }
  });

  it('fails running and later commands with TransportError', async () => {
    const agent = await new Agent().served();
    const node = agent.transport();
    try {
      await node.exec('true');
      agent.kill();
      await until(() => agent.process.signalCode !== null);
      await expect(node.exec('true')).rejects.toThrow(TransportError);
      await expect(agent.transport().exec('true')).rejects.toThrow(/node n1 cannot be reached/);
    } finally {
      await node.close();
      agent.remove();
    }
  });
});

describe('a client that was killed', () => {
  it('has its commands ended by the next one, and nobody else has', async () => {
    const agent = await new Agent().served();
    const [lost, kept] = [unique(), unique()];
    const other = agent.transport();
    const next = agent.transport();
    onTestFinished(async () => {
      await Promise.all([other.close(), next.close()]);
      agent.remove();
    });
    const running = new AbortController();
    const staying = other.exec(`sleep ${kept}`, { signal: running.signal });
    staying.catch(() => {});
    const killed = clientThatRuns(agent.runtime, `sleep ${lost}`);
    await until(async () => (await alive(lost)) + (await alive(kept)) === 2);
    killed.kill('SIGKILL');
    await once(killed, 'exit');

    await next.exec('true');
    await until(async () => (await alive(lost)) === 0);
    expect(await alive(kept)).toBe(1);
    await until(() => readdirSync(join(agent.runtime, 'clients')).length === 2);
    running.abort();
    await expect(staying).rejects.toThrow(InterruptedError);
  });
});

/** How many `sleep` of so many seconds this machine has. */
async function alive(seconds: string): Promise<number> {
  const lines = await Promise.all(
    readdirSync('/proc')
      .filter(name => /^[0-9]+$/.test(name))
      .map(pid => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter(line => line === `sleep\0${seconds}\0`).length;
}

/** A process of its own with a transport that runs this command. */
function clientThatRuns(runtime: string, command: string): ChildProcess {
  const module = assetPath('dist/src/transports/agent/agent-transport.js');
  const options = `{ node: 'n1', runtime: ${JSON.stringify(runtime)}, runtimeOnNode: ${JSON.stringify(runtime)}, shellCommand: () => ['bash'] }`;
  const script = `const { AgentTransport } = await import(${JSON.stringify(module)}); await new AgentTransport(${options}).exec(${JSON.stringify(command)});`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
}
