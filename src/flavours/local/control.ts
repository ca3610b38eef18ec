import { closeSync, existsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { InterruptedError } from '../../errors.js';
import { openWriter } from '../../process/fifo.js';
import { identify, isAlive, type ProcessStat } from '../../process/proc.js';
import { TransportError } from '../../transports/errors.js';
import type { NodeControl } from '../flavour.js';
import type { DeploymentRecord } from '../record.js';
import { enterArgv } from './enter.js';
import { hasLostAgent, initsOf } from './inits.js';
import { systemPath } from './isolation.js';
import { lastLines } from './launch.js';
import { portOf } from './network.js';
import { killWhile, processesOfNode, signal as send } from './processes.js';
import { RunFolder } from './run-folder.js';
import { type LocalRuntime, runtimeOf } from './runtime.js';

/** Milliseconds between looks at what becomes of a node. */
const interval = 5;
/** Milliseconds in which a launcher begins to do what it is told; it takes a few. */
const beginLimit = 10_000;
/** Milliseconds in which a node that is started again must have booted. */
const bootLimit = 60_000;

/** Ends and starts single nodes. Their launcher starts them, so that all of a deployment stays below one process. */
export class LocalControl implements NodeControl {
  private readonly folder: RunFolder;
  private readonly runtime: LocalRuntime;

  constructor(private readonly record: DeploymentRecord) {
    this.folder = new RunFolder(record['x-nxc'].run);
    this.runtime = runtimeOf(record);
  }

  async start(node: string, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) throw new InterruptedError();
    const running = this.init(node);
    if (running && hasLostAgent(running, this.folder.node(node))) await this.crash(node);
    else if (running) {
      await this.booted(node, running, signal);
      return false;
    }
    try {
      await this.booted(node, await this.begin(node), signal);
      if (signal.aborted) throw new InterruptedError();
      return true;
    } catch (error) {
      await this.crash(node);
      throw error;
    }
  }

  async shutdown(node: string, signal: AbortSignal): Promise<void> {
    const init = this.init(node);
    if (init) {
      // What is frozen cannot end in order.
      await this.resume(node);
      this.folder.setOff(node);
      this.say(node, join(this.folder.node(node), 'control'), 'halt');
      while (isAlive(init)) {
        if (signal.aborted) throw new InterruptedError();
        await sleep(interval);
      }
    }
    await this.end(node, init);
  }

  async crash(node: string): Promise<void> {
    const init = this.init(node);
    // The cable first, or the kernel would tell the other nodes that the connections of killed processes are closed.
    if (init) await this.unplug(node);
    await this.end(node, init);
  }

  async pause(node: string): Promise<void> {
    for (;;) {
      // Parents before children, which they would see stop. A process may have made another one before it stopped itself, and
      // one that is on a processor stops a moment later.
      const awake = this.processes(node).filter(({ state }) => state === 'R' || state === 'S');
      if (awake.length === 0) return;
      send(awake, 'SIGSTOP');
      await sleep(1);
    }
  }

  async resume(node: string): Promise<void> {
    const stopped = this.processes(node).filter(({ state }) => state === 'T');
    send(stopped.reverse(), 'SIGCONT');
  }

  private init(node: string): ProcessStat | undefined {
    return initsOf(this.runtime).get(node);
  }

  private processes(node: string): ProcessStat[] {
    return processesOfNode(this.folder, node, this.init(node), this.runtime.isolation);
  }

  /** Kills what there is of the node; resolves when its launcher knows that it is gone, too. */
  private async end(node: string, init: ProcessStat | undefined): Promise<void> {
    if (this.runtime.launcher && isAlive(this.runtime.launcher)) this.folder.setOff(node);
    const keeper = init && this.runtime.isolation !== 'plain' ? identify(init.parent) : undefined;
    await killWhile(() => this.processes(node), `processes of node ${node}`);
    while (keeper && isAlive(keeper)) await sleep(interval);
  }

  private async unplug(node: string): Promise<void> {
    const { isolation, launcher } = this.runtime;
    if (isolation === 'plain' || !launcher) return;
    const index = this.record['x-nxc'].nodes.findIndex(({ name }) => name === node);
    const argv = [...enterArgv(isolation, launcher.pid, ['net']), 'ip', 'link', 'delete', portOf(index)];
    // It may be unplugged already.
    await execa(argv[0]!, argv.slice(1), { env: { PATH: systemPath }, extendEnv: false, reject: false });
  }

  /** Writes a line to a FIFO that a process of the deployment reads. */
  private say(node: string, fifo: string, line: string): void {
    try {
      const fd = openWriter(fifo);
      writeSync(fd, `${line}\n`);
      closeSync(fd);
    } catch (cause) {
      throw new TransportError({
        asked: `node ${node} cannot be told to ${line.split(' ')[0]}`,
        found: `no process reads ${fifo}`,
        todo: 'see what runs with `nxc status`; `nxc stop` and `nxc start` begin again',
        cause,
      });
    }
  }

  /** Has it started by its launcher, who refuses while it has not seen the end of a node that ended by itself. */
  private async begin(node: string): Promise<ProcessStat> {
    const limit = Date.now() + beginLimit;
    for (let look = 0; ; look++) {
      const init = this.init(node);
      if (init) return init;
      if (Date.now() > limit) throw await this.failed(node, 'it has no processes');
      if (look % 20 === 0) this.say(node, join(this.folder.path, 'control'), `start ${node}`);
      await sleep(interval);
    }
  }

  /** Waits until the units of a node that is starting were started. */
  private async booted(node: string, init: ProcessStat, signal: AbortSignal): Promise<void> {
    const limit = Date.now() + bootLimit;
    while (!existsSync(join(this.folder.node(node), 'booted'))) {
      if (signal.aborted) throw new InterruptedError();
      if (!isAlive(init)) throw await this.failed(node, 'its processes ended');
      if (Date.now() > limit) throw await this.failed(node, `it has not booted after ${bootLimit / 1000} s`);
      await sleep(interval);
    }
  }

  private async failed(node: string, found: string): Promise<TransportError> {
    return new TransportError({
      asked: `node ${node} cannot be started`,
      found: [found, await lastLines(this.folder)].join('\n').trim(),
      todo: 'start all of it again with `nxc start --restart`; what its disk holds is gone then',
    });
  }
}
