import { formatDuration } from '../../duration.js';
import { NxcError } from '../../errors.js';
import { TransportError } from '../../transports/errors.js';
import { CallError } from '../calls.js';
import { notKept } from '../errors.js';
import { defaultTimeout, type Machine, type Timeout } from '../machine.js';
import { poll } from '../poll.js';
import { asTuple, type CommandResult, type TupleResult } from '../result.js';
import { power } from './power.js';

interface Execute extends Timeout {
  checkReturn?: boolean;
  checkOutput?: boolean;
  toFile?: string;
}

export const commands = {
  async execute(
    machine: Machine,
    command: string,
    { timeout = defaultTimeout, checkReturn = true, checkOutput = true, toFile }: Execute = {},
  ): Promise<TupleResult> {
    const options = { timeoutMs: timeout * 1000, ...(toFile === undefined ? {} : { toFile }) };
    if (!checkOutput) return asTuple(inBackground(machine, command, options));
    if (checkReturn) return asTuple(await machine.run(command, options));
    return asTuple({ ...(await untilItsEnd(machine, command, options)), status: -1 });
  },

  succeed(machine: Machine, ...commands: Array<string | Timeout>): Promise<string> {
    return each(machine, commands, result => {
      if (result.status === 0) return;
      throw machine.failed(`command failed on ${machine.name}: ${result.command}`, result);
    });
  },

  fail(machine: Machine, ...commands: Array<string | Timeout>): Promise<string> {
    return each(machine, commands, result => {
      if (result.timedOut) {
        throw machine.failed(`command did not end on ${machine.name}: ${result.command}`, result);
      }
      if (result.status !== 0) return;
      throw machine.failed(
        `command succeeded on ${machine.name} and should have failed: ${result.command}`,
        result,
      );
    });
  },

  waitUntilSucceeds(machine: Machine, command: string, options: Timeout = {}): Promise<string> {
    return waitUntil(machine, command, options, 'succeed', result => result.status === 0);
  },

  waitUntilFails(machine: Machine, command: string, options: Timeout = {}): Promise<string> {
    return waitUntil(machine, command, options, 'fail', result => result.status !== 0 && !result.timedOut);
  },

  async sleep(machine: Machine, secs: number): Promise<void> {
    if (!(secs >= 0)) throw new CallError({ asked: `cannot sleep ${secs} seconds` });
    await machine.run(`sleep ${secs}`);
  },
};

/** Of a command whose status nobody asks for: it may be the node's last one, as `poweroff` is. */
async function untilItsEnd(
  machine: Machine,
  command: string,
  options: { timeoutMs: number; toFile?: string },
): Promise<CommandResult> {
  const wasUp = await power.isUp(machine);
  try {
    return await machine.run(command, options);
  } catch (error) {
    if (!wasUp || !(error instanceof TransportError)) throw error;
    return withoutOutput(machine, command);
  }
}

/** Goes on when the call and its cell are over; what becomes of it nobody asked, and the node may well die of it. */
function inBackground(
  machine: Machine,
  command: string,
  options: { timeoutMs: number; toFile?: string },
): CommandResult {
  const { cwd, write } = machine.context;
  const detached = machine.with({ cwd, write });
  detached.run(command, options).catch(error => {
    if (!(error instanceof NxcError)) throw error;
  });
  return withoutOutput(machine, command);
}

function withoutOutput(machine: Machine, command: string): CommandResult {
  return {
    node: machine.name,
    command,
    status: -2,
    stdout: '',
    stderr: '',
    startedAt: new Date().toISOString(),
    durationMs: 0,
    timedOut: false,
    signal: null,
    droppedBytes: 0,
  };
}

async function each(
  machine: Machine,
  commands: ReadonlyArray<string | Timeout>,
  check: (result: CommandResult) => void,
): Promise<string> {
  const options = commands.find(one => typeof one !== 'string');
  let output = '';
  for (const command of commands) {
    if (typeof command !== 'string') continue;
    const timeoutMs = options?.timeout === undefined ? undefined : options.timeout * 1000;
    const result = await machine.run(command, timeoutMs === undefined ? {} : { timeoutMs });
    check(result);
    if (result.droppedBytes > 0) machine.context.write(`${machine.name}: ${notKept(result)}`, 'stderr');
    output += result.stdout;
  }
  return output;
}

async function waitUntil(
  machine: Machine,
  command: string,
  { timeout = defaultTimeout }: Timeout,
  wanted: string,
  holds: (result: CommandResult) => boolean,
): Promise<string> {
  let last: CommandResult | undefined;
  const stdout = await poll(
    async remainingMs => {
      last = await machine.run(command, { timeoutMs: remainingMs });
      return holds(last) ? last.stdout : undefined;
    },
    { timeoutMs: timeout * 1000, signal: machine.context.signal },
  );
  if (stdout !== undefined) return stdout;
  throw machine.failed(
    `command did not ${wanted} on ${machine.name} within ${formatDuration(timeout * 1000)}: ${command}`,
    last,
  );
}
