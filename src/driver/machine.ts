import { resolve } from 'node:path';
import type { Node } from '../composition/types.js';
import type { Deployment } from '../deployment/deployment.js';
import { formatDuration } from '../duration.js';
import { sharedController } from '../shared-signal.js';
import type { ExecOptions } from '../transports/transport.js';
import { AssertionFailed } from './errors.js';
import { poll } from './poll.js';
import { type CommandResult, commandResult, keptBytes } from './result.js';
import { fileOf, StdoutFile } from './stdout-file.js';

export const defaultTimeout = 900;
/** Asking for a port, a file or a unit costs next to nothing, so it is asked often. */
const cheapProbeMs = 200;

/** What a machine needs from the one who asks. */
export interface MachineContext {
  /** Where relative paths of this machine begin. */
  cwd: string;
  signal?: AbortSignal;
  write(line: string, stream?: 'stdout' | 'stderr'): void;
  /** Machines that the same call goes to, this one included; default 1. */
  among?: number;
}

export interface Timeout {
  /** Seconds. */
  timeout?: number;
}

/**
 * The driver's live handle of a node, for one call. What it can do is below machine/, a chapter of the method table a file.
 * Throws AssertionFailed when what was asserted is not so, TransportError when the node cannot be reached.
 */
export class Machine {
  constructor(
    readonly node: Node,
    readonly deployment: Deployment,
    readonly context: MachineContext,
  ) {}

  /** The same node for somebody else. */
  with(context: MachineContext): Machine {
    return new Machine(this.node, this.deployment, context);
  }

  get name(): string {
    return this.node.name;
  }

  get transport() {
    return this.deployment.transport(this.name);
  }

  /** Signal of the call; one that never aborts when it has none. */
  get signal(): AbortSignal {
    return this.context.signal ?? sharedController().signal;
  }

  /** A path of this machine. */
  here(path: string): string {
    return resolve(this.context.cwd, path);
  }

  async run(
    command: string,
    { timeoutMs, user, toFile }: Pick<ExecOptions, 'timeoutMs' | 'user'> & { toFile?: string } = {},
  ): Promise<CommandResult> {
    const { among = 1 } = this.context;
    const file =
      toFile === undefined ? undefined : new StdoutFile(fileOf(this.here(toFile), this.name, among));
    try {
      const result = await this.transport.exec(`set -euo pipefail; ${command}`, {
        signal: file ? file.signalWith(this.signal) : this.context.signal,
        keepBytes: keptBytes(among, file !== undefined),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        ...(user ? { user } : {}),
        ...(file ? { onStdout: chunk => file.push(chunk) } : {}),
      });
      return { ...commandResult(this.name, command, result), ...(file ? { stdoutFile: file.path } : {}) };
    } catch (error) {
      throw file?.error ?? error;
    } finally {
      file?.close();
    }
  }

  /** Tries until `attempt` gives something or the time of `options` is over. */
  pollFor<T>(
    options: Timeout,
    attempt: (remainingMs: number) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    return poll(attempt, {
      timeoutMs: (options.timeout ?? defaultTimeout) * 1000,
      slowestMs: cheapProbeMs,
      signal: this.context.signal,
    });
  }

  failed(asked: string, result?: CommandResult): AssertionFailed {
    return new AssertionFailed(asked, result);
  }

  ranOut(condition: string, options: Timeout, found?: string): AssertionFailed {
    const time = formatDuration((options.timeout ?? defaultTimeout) * 1000);
    return this.failed(`waited ${time} on ${this.name} until ${condition}${found ? `; ${found}` : ''}`);
  }
}
