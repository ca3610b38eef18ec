import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Engine } from '../../../src/flavours/docker/engine/engine.js';
import { until } from '../../helpers/until.js';

/** Why there can be none here; undefined when there can. */
export const noPrivateEngine =
  process.getuid?.() !== 0
    ? 'not root'
    : ['dockerd', 'unshare'].filter(name => !found(name)).map(name => `no ${name}`)[0];

function found(name: string): boolean {
  try {
    execFileSync('bash', ['-c', 'type -P "$1"', 'bash', name]);
    return true;
  } catch {
    return false;
  }
}

/** An engine of a test's own, in a network of its own, to be killed or filled as the test likes. */
export class PrivateEngine {
  readonly folder = mkdtempSync('/tmp/nxc-engine-');
  readonly socket = join(this.folder, 'docker.sock');
  private process?: ChildProcess;

  constructor(private readonly disk?: string) {
    onTestFinished(() => this.remove());
    mkdirSync(join(this.folder, 'data'));
    // As small as the test needs.
    if (disk)
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${disk}`, 'tmpfs', join(this.folder, 'data')]);
  }

  async start(): Promise<this> {
    const log = openSync(join(this.folder, 'log'), 'a');
    const words = [
      ...['--data-root', join(this.folder, 'data'), '--exec-root', join(this.folder, 'exec')],
      ...['--pidfile', join(this.folder, 'pid'), '--host', `unix://${this.socket}`],
      // On tmpfs there is no overlay2.
      ...(this.disk ? ['--storage-driver', 'vfs'] : []),
    ];
    const inside = 'ip link set lo up; exec dockerd "$@"';
    this.process = spawn('unshare', ['--net', 'bash', '-c', inside, 'bash', ...words], {
      stdio: ['ignore', log, log],
    });
    await until(() => this.answers(), 60_000).catch(error => {
      throw new Error(`${error.message}\n${readFileSync(join(this.folder, 'log'), 'utf8').slice(-2000)}`);
    });
    return this;
  }

  /** At once, as a power cut would, with all that runs below it. */
  async kill(): Promise<void> {
    const child = this.process!;
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    await until(() => this.killBelow() === 0);
    this.unmount('exec');
    rmSync(join(this.folder, 'exec'), { recursive: true, force: true });
  }

  engine(): Engine {
    return new Engine(this.socket);
  }

  private async answers(): Promise<boolean> {
    return this.engine()
      .get('/version', { timeoutMs: 1000 })
      .then(
        () => true,
        () => false,
      );
  }

  private async remove(): Promise<void> {
    if (await this.answers()) {
      const all = await this.engine().get<Array<{ Id: string }>>('/containers/json', {
        query: { all: true },
      });
      for (const { Id } of all) await this.engine().delete(`/containers/${Id}`, { query: { force: true } });
    }
    await this.kill();
    this.unmount('');
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Containers' processes end with the shim above them; returns how many still run. */
  private killBelow(): number {
    const ours = readdirSync('/proc')
      .filter(name => /^\d+$/.test(name) && textOf(`/proc/${name}/cmdline`).includes(this.folder))
      .filter(name => Number(name) !== process.pid && !/^State:\s+Z/m.test(textOf(`/proc/${name}/status`)));
    for (const pid of ours) process.kill(Number(pid), 'SIGKILL');
    return ours.length;
  }

  private unmount(below: string): void {
    const script = 'grep " $1/" /proc/self/mounts | cut -d" " -f2 | sort -r | xargs -r umount -l';
    execFileSync('bash', ['-c', script, 'bash', join(this.folder, below)]);
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
