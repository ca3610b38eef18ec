import { basename, isAbsolute, join, resolve } from 'node:path';
import type { Node } from '../composition/types.js';
import { formatDuration } from '../duration.js';
import { quote } from '../process/quote.js';
import type { Transport } from '../transports/transport.js';
import { CallError } from './calls.js';
import { AssertionFailed } from './errors.js';
import type { MethodName } from './methods.js';
import { poll } from './poll.js';
import { asTuple, type CommandResult, commandResult, type TupleResult } from './result.js';
import { isInactiveForGood, parseUnitInfo, systemctlCommand, unitName } from './units.js';

const defaultTimeout = 900;
/** A connection that is neither accepted nor refused counts as closed after this. */
const connectMs = 5000;
/** Asking for a port, a file or a unit costs next to nothing, so it is asked often. */
const cheapProbeMs = 200;

/** What a machine needs from the one who asks. */
export interface MachineContext {
  /** Where relative paths of this machine begin. */
  cwd: string;
  signal?: AbortSignal;
  log(line: string): void;
  /** Last lines of a unit's log, for the failure's message. */
  unitLog?(unit: string): Promise<string[]>;
}

interface Timeout {
  timeout?: number;
}
interface OfUser {
  user?: string;
}

/**
 * The driver's live handle of a node, with the vocabulary of the NixOS test driver (methods.ts describes each method).
 * Throws AssertionFailed when what was asserted is not so, TransportError when the node cannot be reached.
 */
export class Machine implements Record<MethodName, (...args: never[]) => Promise<unknown>> {
  constructor(
    readonly node: Node,
    private readonly transport: Transport,
    private readonly context: MachineContext,
  ) {}

  get name(): string {
    return this.node.name;
  }

  async execute(command: string, options: Timeout & { checkReturn?: boolean } = {}): Promise<TupleResult> {
    const result = await this.run(command, (options.timeout ?? defaultTimeout) * 1000);
    return asTuple(options.checkReturn === false ? { ...result, status: -1 } : result);
  }

  succeed(...commands: Array<string | Timeout>): Promise<string> {
    return this.each(commands, result => {
      if (result.status !== 0) throw this.failed(`command failed on ${this.name}: ${result.command}`, result);
    });
  }

  fail(...commands: Array<string | Timeout>): Promise<string> {
    return this.each(commands, result => {
      if (result.timedOut)
        throw this.failed(`command did not end on ${this.name}: ${result.command}`, result);
      if (result.status === 0) {
        throw this.failed(
          `command succeeded on ${this.name} and should have failed: ${result.command}`,
          result,
        );
      }
    });
  }

  waitUntilSucceeds(command: string, options: Timeout = {}): Promise<string> {
    return this.waitUntil(command, options, 'succeed', result => result.status === 0);
  }

  waitUntilFails(command: string, options: Timeout = {}): Promise<string> {
    return this.waitUntil(command, options, 'fail', result => result.status !== 0 && !result.timedOut);
  }

  async waitForUnit(unit: string, options: Timeout & OfUser = {}): Promise<void> {
    const name = unitName(unit);
    let state = 'unknown';
    const active = await this.pollFor(options, async () => {
      const info = await this.getUnitInfo(name, options);
      state = info.ActiveState ?? 'unknown';
      if (state === 'active') return true;
      if (info.LoadState === 'not-found') throw this.failed(`there is no unit ${name} on ${this.name}`);
      if (state === 'failed') throw await this.unitFailed(name, info);
      if (state === 'inactive' && (await this.isIdle(name, options))) {
        throw await this.unitFailed(name, info, 'is inactive and nothing is about to start it');
      }
      return undefined;
    });
    if (!active) throw this.ranOut(`unit ${name} is active`, options, `its state is ${state}`);
  }

  async getUnitInfo(unit: string, options: OfUser = {}): Promise<Record<string, string>> {
    const result = await this.systemctl(`--no-pager show ${quote(unitName(unit))}`, options);
    if (result.status === 0) return parseUnitInfo(result.stdout);
    throw this.failed(`unit ${unitName(unit)} cannot be asked about on ${this.name}`, result);
  }

  async getUnitProperty(unit: string, property: string, options: OfUser = {}): Promise<string> {
    const info = await this.getUnitInfo(unit, options);
    const value = info[property];
    if (value !== undefined) return value;
    throw this.failed(`unit ${unitName(unit)} has no property ${property} on ${this.name}`);
  }

  async requireUnitState(unit: string, state = 'active'): Promise<void> {
    const info = await this.getUnitInfo(unit);
    if (info.ActiveState !== state) {
      throw this.failed(
        `unit ${unitName(unit)} should be ${state} on ${this.name}, and is ${info.ActiveState}`,
      );
    }
  }

  async systemctl(query: string, { user }: OfUser = {}): Promise<TupleResult> {
    return asTuple(await this.run(systemctlCommand(query, user), defaultTimeout * 1000, user));
  }

  startJob(job: string, options: OfUser = {}): Promise<TupleResult> {
    return this.systemctl(`start ${quote(unitName(job))}`, options);
  }

  stopJob(job: string, options: OfUser = {}): Promise<TupleResult> {
    return this.systemctl(`stop ${quote(unitName(job))}`, options);
  }

  waitForJob(job: string, options: Timeout = {}): Promise<void> {
    return this.waitForUnit(job, options);
  }

  async waitForOpenPort(port: number, options: Timeout & { addr?: string } = {}): Promise<void> {
    const open = await this.pollFor(
      options,
      async () => (await this.accepts(port, options.addr)) || undefined,
    );
    if (!open) throw this.ranOut(`port ${port} is open`, options);
  }

  async waitForClosedPort(port: number, options: Timeout & { addr?: string } = {}): Promise<void> {
    const closed = await this.pollFor(
      options,
      async () => !(await this.accepts(port, options.addr)) || undefined,
    );
    if (!closed) throw this.ranOut(`port ${port} is closed`, options);
  }

  async waitForFile(path: string, options: Timeout = {}): Promise<void> {
    const exists = await this.pollFor(options, async remaining => {
      const { status } = await this.run(`test -e ${quote(path)}`, remaining);
      return status === 0 || undefined;
    });
    if (!exists) throw this.ranOut(`${path} exists`, options);
  }

  async sleep(time: number): Promise<void> {
    if (!(time >= 0)) throw new CallError({ asked: `cannot sleep ${time} seconds` });
    await this.run(`sleep ${time}`);
  }

  async copyFromHost(source: string, target: string): Promise<void> {
    await this.transport.upload(resolve(this.context.cwd, source), target, { signal: this.context.signal });
  }

  async copyFromMachine(source: string, targetDir = ''): Promise<void> {
    const base = isAbsolute(targetDir) ? '' : (process.env.out ?? this.context.cwd);
    const target = join(base, targetDir, basename(source));
    await this.transport.download(source, target, { signal: this.context.signal });
  }

  async log(message: string): Promise<void> {
    this.context.log(`${this.name}: ${message}`);
  }

  private async run(command: string, timeoutMs?: number, user?: string): Promise<CommandResult> {
    const result = await this.transport.exec(`set -euo pipefail; ${command}`, {
      signal: this.context.signal,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(user ? { user } : {}),
    });
    return commandResult(this.name, command, result);
  }

  private async each(
    commands: ReadonlyArray<string | Timeout>,
    check: (result: CommandResult) => void,
  ): Promise<string> {
    const options = commands.find(one => typeof one !== 'string');
    let output = '';
    for (const command of commands) {
      if (typeof command !== 'string') continue;
      const result = await this.run(
        command,
        options?.timeout === undefined ? undefined : options.timeout * 1000,
      );
      check(result);
      output += result.stdout;
    }
    return output;
  }

  private async waitUntil(
    command: string,
    { timeout = defaultTimeout }: Timeout,
    wanted: string,
    holds: (result: CommandResult) => boolean,
  ): Promise<string> {
    let last: CommandResult | undefined;
    const stdout = await poll(
      async remaining => {
        last = await this.run(command, remaining);
        return holds(last) ? last.stdout : undefined;
      },
      { timeoutMs: timeout * 1000, signal: this.context.signal },
    );
    if (stdout !== undefined) return stdout;
    throw this.failed(
      `command did not ${wanted} on ${this.name} within ${formatDuration(timeout * 1000)}: ${command}`,
      last,
    );
  }

  private pollFor(options: Timeout, attempt: (remainingMs: number) => Promise<true | undefined>) {
    return poll(attempt, {
      timeoutMs: (options.timeout ?? defaultTimeout) * 1000,
      slowestMs: cheapProbeMs,
      signal: this.context.signal,
    });
  }

  private async accepts(port: number, addr = 'localhost'): Promise<boolean> {
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      throw new CallError({
        asked: `${port} is not a TCP port`,
        todo: 'give a whole number from 1 to 65535',
      });
    }
    // bash connects by itself: nodes need no nc.
    const target = quote(`/dev/tcp/${addr}/${port}`);
    return (await this.run(`(exec 3<>${target}) 2>/dev/null`, connectMs)).status === 0;
  }

  /** Inactive, no job queued, and still inactive after that was seen. */
  private async isIdle(unit: string, options: OfUser): Promise<boolean> {
    const jobs = await this.systemctl('list-jobs --full 2>&1', options);
    return (
      isInactiveForGood(jobs.stdout) && (await this.getUnitInfo(unit, options)).ActiveState === 'inactive'
    );
  }

  private async unitFailed(
    unit: string,
    info: Record<string, string>,
    what?: string,
  ): Promise<AssertionFailed> {
    const how =
      what ?? `failed (${info.Result ?? 'no reason given'}, exit status ${info.ExecMainStatus ?? '?'})`;
    const lines = (await this.context.unitLog?.(unit).catch(() => [])) ?? [];
    const log =
      lines.length > 0 ? `\nlast lines of its log:\n${lines.map(line => `  ${line}`).join('\n')}` : '';
    return this.failed(`unit ${unit} ${how} on ${this.name}${log}`);
  }

  private ranOut(condition: string, options: Timeout, found?: string): AssertionFailed {
    const time = formatDuration((options.timeout ?? defaultTimeout) * 1000);
    return this.failed(`waited ${time} on ${this.name} until ${condition}${found ? `; ${found}` : ''}`);
  }

  private failed(asked: string, result?: CommandResult): AssertionFailed {
    return new AssertionFailed(asked, result);
  }
}
