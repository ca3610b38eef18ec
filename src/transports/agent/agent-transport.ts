import { access, constants, cp, mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { NxcError } from '../../errors.js';
import { makeFolder } from '../../make-folder.js';
import { quote } from '../../process/quote.js';
import { randomHex } from '../../random-hex.js';
import { reasonOf, writeError } from '../../write-error.js';
import type { ExecOptions, ExecResult, ShellOptions, Transport } from '../transport.js';
import { Channel } from './channel.js';
import { orInterrupted, runCommand } from './command.js';
import { isServed } from './control.js';

// Commands through a resident agent, for nodes whose files this machine sees: agent.sh runs on the node and tells the protocol; a
// Channel of this process speaks it, with a Slot for each command.

export interface AgentPlace {
  node: string;
  /** The node's runtime folder as this machine sees it. */
  runtime: string;
  /** The same folder as the node sees it. */
  runtimeOnNode: string;
  shellCommand(options: ShellOptions): readonly string[];
  /** Starts an agent on the node when none runs; rejects with TransportError when it cannot. Absent where the node's init is the agent. */
  revive?(): Promise<void>;
  /** Called once, when the transport was closed. */
  onClose?(): void;
}

/**
 * The channel to a resident bash agent (agent.sh) through FIFOs in a folder that the node and this machine both see: a
 * namespace of this machine, or a container with the folder bound into it. A command spawns no process on this machine, and a
 * new process of this machine reaches the node by opening the same FIFOs.
 */
export class AgentTransport implements Transport {
  readonly node: string;
  private channel: Channel;
  private reviving?: Promise<void>;

  constructor(private readonly place: AgentPlace) {
    this.node = place.node;
    this.channel = new Channel(place.node, place.runtime);
  }

  async exec(command: string, options: ExecOptions = {}): Promise<ExecResult> {
    this.channel.noticeRestart();
    // What a channel was lost to need not be the end of the node.
    if (this.channel.broken) this.channel = new Channel(this.node, this.place.runtime);
    if (this.place.revive && !isServed(this.place.runtime))
      await orInterrupted(this.revive(), options.signal);
    return runCommand(this.channel, command, options);
  }

  async upload(
    localPath: string,
    remotePath: string,
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<void> {
    await this.transfer(async (here, there) => {
      const source = resolve(localPath);
      await access(source, constants.R_OK).catch(cause => {
        throw new NxcError({
          asked: `cannot copy ${localPath} to ${this.node}:${remotePath}`,
          found: cause.code === 'ENOENT' ? `this machine has no ${source}` : reasonOf(cause),
          cause,
        });
      });
      await cp(source, here, { recursive: true, verbatimSymlinks: true });
      const parent = remotePath.replace(/\/*[^/]+\/*$/, '') || '/';
      await this.copy(
        `mkdir -p -- ${quote(parent)} && cp -RT -- ${quote(there)} ${quote(remotePath)}`,
        `copy ${localPath} to ${this.node}:${remotePath}`,
        signal,
      );
    });
  }

  async download(
    remotePath: string,
    localPath: string,
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<void> {
    const target = resolve(localPath);
    const what = `cannot copy ${this.node}:${remotePath} to ${localPath}`;
    try {
      makeFolder(dirname(target));
      await access(dirname(target), constants.W_OK);
    } catch (error) {
      throw writeError(what, error);
    }
    await this.transfer(async (here, there) => {
      await this.copy(
        `cp -RT -- ${quote(remotePath)} ${quote(there)} && ${giveTo(dirname(there), there)}`,
        `copy ${this.node}:${remotePath} to ${localPath}`,
        signal,
      );
      await cp(here, target, { recursive: true, verbatimSymlinks: true }).catch(error => {
        throw writeError(what, error);
      });
    });
  }

  shellCommand(options: ShellOptions = {}): readonly string[] {
    return this.place.shellCommand(options);
  }

  async close(): Promise<void> {
    this.channel.close();
    this.place.onClose?.();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** One agent for all commands that miss it. */
  private revive(): Promise<void> {
    this.reviving ??= this.place.revive!().finally(() => {
      this.reviving = undefined;
    });
    return this.reviving;
  }

  /** A place that both sides see, for the time of one transfer. */
  private async transfer(work: (here: string, there: string) => Promise<void>): Promise<void> {
    const name = join('transfers', randomHex(4));
    const folder = join(this.place.runtime, name);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      await work(join(folder, 'content'), join(this.place.runtimeOnNode, name, 'content'));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async copy(command: string, what: string, signal?: AbortSignal): Promise<void> {
    const { status, stderr } = await this.exec(command, { signal });
    if (status !== 0) throw new NxcError({ asked: `cannot ${what}`, found: stderr.toString().trim() });
  }
}

/** What root of a container has copied belongs to the owner of the folder it is in (agent_give in agent.sh). */
const giveTo = (folder: string, path: string): string =>
  `{ [[ -O ${quote(folder)} ]] || chown -R --reference=${quote(folder)} ${quote(path)}; }`;
