import childProcess, { type ChildProcess as Program } from 'node:child_process';
import { writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { connect, type Socket } from 'node:net';
import type { ProgramHeader, ProgramOutputsAddress } from '../messages.js';
import { currentCell } from './cell-context.js';
import { nameOf } from './output.js';

type Options = { stdio?: unknown };
type Blocking = (...values: unknown[]) => unknown;

let address: ProgramOutputsAddress | undefined;

/** Where the outputs of programs go from now on. */
export function sendProgramOutputsTo(to: ProgramOutputsAddress): void {
  address = to;
}

/**
 * A program that inherits stdout or stderr gets a connection to the front in its place, which knows the cell. Programs that
 * are not waited for start in the method of every ChildProcess, the others in one of three functions.
 */
export function captureProgramOutput(): void {
  const { prototype } = childProcess.ChildProcess as unknown as {
    prototype: { spawn: (this: Program, options: Options) => unknown };
  };
  const { spawn } = prototype;
  prototype.spawn = function (options) {
    return withConnections(options, replaced => spawn.call(this, replaced));
  };
  for (const name of ['spawnSync', 'execFileSync', 'execSync'] as const) {
    const run = childProcess[name] as Blocking;
    const wrapped: Blocking = (...values) => {
      const at = values.findLastIndex(
        value => typeof value === 'object' && value !== null && !Array.isArray(value),
      );
      if (at < 0) return run(...values);
      return withConnections(values[at] as Options, options => run(...values.with(at, options)));
    };
    Object.defineProperty(wrapped, 'name', { value: name });
    Object.assign(childProcess, { [name]: wrapped });
  }
  syncBuiltinESMExports();
}

/** The child has its own copies of the descriptors when `start` returns. */
function withConnections<Result>(options: Options, start: (options: Options) => Result): Result {
  const cellId = currentCell()?.cellId;
  const { stdio } = options;
  const given = stdio === 'inherit' ? ['inherit', 'inherit', 'inherit'] : stdio;
  if (cellId === undefined || !address || !Array.isArray(given)) return start(options);
  const connections = new Map<string, Socket>();
  const descriptors = given.map((one: unknown, index) => {
    const name = nameOf(inherited(one, index));
    if (!name) return one;
    const connection = connections.get(name) ?? open(address!, { cellId, name });
    if (!connection) return one;
    connections.set(name, connection);
    return descriptorOf(connection);
  });
  try {
    return start(connections.size ? { ...options, stdio: descriptors } : options);
  } finally {
    for (const connection of connections.values()) connection.destroy();
  }
}

/** The descriptor of this process that an entry of `stdio` stands for. */
function inherited(one: unknown, index: number): unknown {
  if (one === 'inherit') return index;
  return typeof one === 'object' && one !== null && 'fd' in one ? one.fd : one;
}

/** Undefined when there is nobody to connect to. A connection in the abstract namespace stands when `connect` returns. */
function open(to: ProgramOutputsAddress, whose: Omit<ProgramHeader, 'key'>): Socket | undefined {
  const connection = connect(to.path);
  connection.on('error', () => {});
  try {
    const header: ProgramHeader = { key: to.key, ...whose };
    writeSync(descriptorOf(connection), `${JSON.stringify(header)}\n`);
    return connection;
  } catch {
    connection.destroy();
    return undefined;
  }
}

/** Node has no public name for it. */
function descriptorOf(connection: Socket): number {
  return (connection as unknown as { _handle?: { fd: number } })._handle?.fd ?? -1;
}
