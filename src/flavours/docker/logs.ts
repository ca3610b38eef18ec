import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import { quote } from '../../process/quote.js';
import { anyOf } from '../../shared-signal.js';
import type { LogLine, LogRequest } from '../flavour.js';
import type { DeploymentRecord } from '../record.js';
import { type Container, containerPath, inspectNode } from './containers.js';
import type { Engine } from './engine/engine.js';
import { DockerError } from './errors.js';
import { ofDeployment } from './labels.js';
import { readLines } from './read-lines.js';
import { engineOf } from './runtime.js';
import { transport } from './transports.js';

/** What a line of the container's own log has for a unit. */
const containerUnit = 'container';

/**
 * The log of a node: what its init wrote, where NixOS has its journal go as well; of one unit, what journalctl on the node tells.
 */
export async function* logs(
  record: DeploymentRecord,
  node: string,
  request: LogRequest,
): AsyncIterable<LogLine> {
  if (request.unit === undefined || request.unit === containerUnit)
    yield* containerLog(record, node, request);
  else yield* unitLog(record, node, { ...request, unit: request.unit });
}

/** The end of a container's log, for messages. */
export async function lastLines(engine: Engine, path: string, lines = 15): Promise<string[]> {
  const container = await engine.get<Container>(`${path}/json`);
  const found: string[] = [];
  for await (const line of linesOf(await openLog(engine, container, { lines }), container))
    found.push(line.text);
  return found;
}

async function* containerLog(
  record: DeploymentRecord,
  node: string,
  request: LogRequest,
): AsyncIterable<LogLine> {
  const engine = engineOf(record);
  const container = await inspectNode(engine, ofDeployment(record), node);
  if (!container) throw new DockerError({ asked: `node ${node} has no log`, found: 'its container is gone' });
  const stream = await openLog(engine, container, request);
  try {
    for await (const { time, text } of linesOf(stream, container))
      yield { node, unit: containerUnit, time, text };
  } catch (error) {
    // The end of a log that is followed.
    if (!request.signal?.aborted) throw error;
  }
}

function openLog(
  engine: Engine,
  { Id }: Container,
  { lines, follow, signal }: LogRequest,
): Promise<IncomingMessage> {
  return engine.stream('GET', `${containerPath(Id)}/logs`, {
    query: { stdout: 1, stderr: 1, timestamps: 1, tail: lines ?? 'all', follow: follow ? 1 : 0 },
    ...(signal ? { signal } : {}),
  });
}

async function* linesOf(
  stream: Readable,
  { Config }: Container,
): AsyncIterable<{ time: string; text: string }> {
  for await (const line of readLines(Config.Tty ? stream : withoutHeaders(stream))) {
    const space = line.indexOf(' ');
    const time = milliseconds(line.slice(0, space));
    // Terminals end lines with \r\n, systemd's on them with one \r more; what draws over its own line, as a progress bar, ends each
    // state of it with \r alone.
    for (const text of line
      .slice(space + 1)
      .replace(/\r+$/, '')
      .split(/\r+/))
      yield { time, text };
  }
}

/** The engine has nanoseconds. */
const milliseconds = (time: string): string => time.replace(/(\.\d{3})\d*Z$/, '$1Z');

/**
 * Without a terminal the engine puts 8 bytes before each piece (Engine API, "Attach to a container"): which stream, three
 * zeros, and the piece's length.
 */
function withoutHeaders(stream: Readable): Readable {
  const out = new PassThrough();
  let held = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    held = Buffer.concat([held, chunk]);
    while (held.length >= 8 && held.length >= 8 + held.readUInt32BE(4)) {
      const end = 8 + held.readUInt32BE(4);
      out.write(held.subarray(8, end));
      held = held.subarray(end);
    }
  });
  stream.on('end', () => out.end());
  stream.on('error', error => out.destroy(error));
  out.on('close', () => stream.destroy());
  return out;
}

/** What journalctl writes with `-o short-iso`: time, host, `unit[pid]:`, text. */
const entry = /^(\S+) \S+ ([^\s[:]+)(?:\[\d+\])?: (.*)$/;

async function* unitLog(
  record: DeploymentRecord,
  node: string,
  { unit, lines, follow, signal }: LogRequest & { unit: string },
): AsyncIterable<LogLine> {
  const words = [
    'journalctl',
    '-o',
    'short-iso',
    '-u',
    unit,
    '-n',
    String(lines ?? 'all'),
    ...(follow ? ['-f'] : []),
  ];
  const output = new PassThrough();
  // Whoever has seen enough of a log that is followed ends the program that follows it.
  const enough = new AbortController();
  const either = signal ? anyOf(signal, enough.signal) : enough.signal;
  const command = `type journalctl >/dev/null 2>&1 || exit 127; exec ${words.map(quote).join(' ')}`;
  const running = transport(record, node)
    .exec(command, { signal: either, keepBytes: 4096, onStdout: chunk => output.write(chunk) })
    .finally(() => output.end());
  running.catch(() => {});
  try {
    for await (const line of readLines(output)) {
      const [, time, , text] = entry.exec(line) ?? [];
      if (time !== undefined) yield { node, unit, time: new Date(time).toISOString(), text: text! };
    }
  } finally {
    enough.abort();
  }
  if (signal?.aborted) return;
  const { status, stderr } = await running;
  if (status === 0) return;
  throw new DockerError({
    asked: `the log of unit ${unit} of node ${node} cannot be read`,
    found: status === 127 ? 'the node has no journalctl' : stderr.toString().trim(),
    todo: `see all that its container wrote: nxc logs ${node}`,
  });
}
