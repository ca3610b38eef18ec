import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { assetPath } from '../../src/assets.js';
import { KernelClient } from '../protocol/client.js';
import { connectionIn, writeConnectionFile } from '../protocol/connection-file.js';
import type { Message } from '../protocol/message.js';
import type { JsonObject } from './ipynb/notebook.js';
import { type CellListener, type CellReply, KernelError, type RunnerKernel } from './runner-kernel.js';

/** Milliseconds a kernel may take until it answers, and to stop what it started when it is shut down. */
const START_MS = 60_000;
const SHUTDOWN_MS = 60_000;
/** Milliseconds without an answer after which a kernel is taken to hang. */
const HANG_MS = 3000;
const KEPT_STDERR = 4096;

export interface OwnKernelOptions {
  /** Working directory: the notebook's folder. */
  cwd: string;
  /** Path of the notebook; the kernel records it with what it starts. */
  notebook: string;
  /** Where it is written as it is executed: what `%nxc report` of a cell makes a page of. */
  executed?: string;
  signal?: AbortSignal;
  /** Who keeps what it starts: the same for a run and for what resumes it. */
  keeper: string;
  /** Cells that ran before, in a run that this one resumes. */
  cellsBefore?: number;
  /** argv of the kernel for a connection file; this package's own kernel by default. */
  command?: (connectionFile: string) => readonly string[];
}

/** A kernel process of our own, in its own process group, spoken to over its sockets. */
export class OwnKernel implements RunnerKernel {
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #client: KernelClient;
  readonly #exited: Promise<void>;
  info: JsonObject = {};

  static async start(options: OwnKernelOptions): Promise<OwnKernel> {
    const folder = await mkdtemp(join(tmpdir(), 'nxc-run-'));
    const file = join(folder, 'kernel.json');
    const connection = await connectionIn(folder);
    await writeConnectionFile(file, connection);
    const kernel = new OwnKernel(
      folder,
      (options.command ?? ownCommand)(file),
      options,
      new KernelClient(connection),
    );
    try {
      const limit = AbortSignal.timeout(START_MS);
      const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
      kernel.info = await kernel.#client.ready({ signal });
      return kernel;
    } catch (error) {
      await kernel.close();
      if ((error as Error).name !== 'TimeoutError') throw error;
      throw new KernelError({
        asked: `the kernel did not answer within ${START_MS / 1000} s`,
        todo: 'see `nxc doctor`',
        cause: error,
      });
    }
  }

  private constructor(
    folder: string,
    argv: readonly string[],
    options: OwnKernelOptions,
    client: KernelClient,
  ) {
    this.#folder = folder;
    this.#client = client;
    const [program = '', ...args] = argv;
    this.#process = spawn(program, args, {
      cwd: options.cwd,
      detached: true,
      // Nothing comes in by the first one: that it ends says that this process is gone.
      stdio: ['pipe', 'ignore', 'pipe'],
      env: {
        ...process.env,
        JPY_PARENT_PID: String(process.pid),
        JPY_SESSION_NAME: options.notebook,
        NXC_RUN: `${options.keeper}:${options.cellsBefore ?? 0}:${options.executed ?? ''}`,
      },
    });
    this.#process.stdin!.on('error', () => {});
    let said = '';
    this.#process.stderr!.setEncoding('utf8').on('data', text => {
      said = (said + text).slice(-KEPT_STDERR);
    });
    const gone = (how: string): void =>
      client.close(
        new KernelError({ asked: `the kernel ${how}`, ...(said.trim() ? { found: said.trim() } : {}) }),
      );
    this.#exited = new Promise(resolve => {
      this.#process.once('error', error => {
        gone(`could not be started: ${error.message}`);
        resolve();
      });
      this.#process.once('close', (status, signal) => {
        gone(signal ? `was killed (${signal})` : `ended with status ${status}`);
        resolve();
      });
    });
  }

  async execute(code: string, { onMessage, ask, silent }: CellListener): Promise<CellReply> {
    const hear = ({ header, content }: Message): void =>
      onMessage({ type: header.msg_type, content, date: header.date });
    // The client keeps status to itself; one cell runs at a time, so that what comes now is about this cell.
    const unlisten = this.#client.onIopub(message => {
      const { parent, header } = message;
      const ours = parent.session === this.#client.session && parent.msg_type === 'execute_request';
      if (ours && header.msg_type === 'status') hear(message);
    });
    try {
      return await this.#client.execute(code, { onOutput: hear, silent, ...(ask ? { stdin: ask } : {}) });
    } finally {
      unlisten();
    }
  }

  async interrupt(): Promise<void> {
    await this.#client.interrupt();
  }

  async close({ keep = false } = {}): Promise<void> {
    const running = (): boolean =>
      this.#process.pid !== undefined && this.#process.exitCode === null && this.#process.signalCode === null;
    if (running() && (await this.#answers())) {
      this.#client.shutdown(keep).catch(() => {});
      await Promise.race([this.#exited, pause(SHUTDOWN_MS, undefined, { ref: false })]);
    }
    this.#killGroup();
    await this.#exited;
    this.#client.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** A kernel that hangs gets no time to stop things in: it would not. */
  async #answers(): Promise<boolean> {
    const asked = this.#client.kernelInfo('control').then(
      () => true,
      () => false,
    );
    return Promise.race([asked, pause(HANG_MS, false, { ref: false })]);
  }

  /** Also after the kernel has ended: a child of it may have stayed in its group. */
  #killGroup(): void {
    const { pid } = this.#process;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // No process is left in the group.
    }
  }
}

const ownCommand = (file: string): string[] => [
  process.execPath,
  assetPath('dist/kernel/main.cjs'),
  'kernel',
  'start',
  '-f',
  file,
];
