import { StringDecoder } from 'node:string_decoder';
import { styleText } from 'node:util';
import type { Node } from '../composition/types.js';
import type { Deployment } from '../deployment/deployment.js';
import type { Display } from '../display/display.js';
import { Table } from '../display/table.js';
import { tail } from '../driver/errors.js';
import { fanOut } from '../driver/fan-out.js';
import { type CommandResult, commandResult, keptBytes } from '../driver/result.js';
import { fileOf, StdoutFile } from '../driver/stdout-file.js';
import { formatDuration } from '../duration.js';
import { InterruptedError, NxcError } from '../errors.js';
import { anyOf } from '../shared-signal.js';
import { TerminalText } from '../terminal-text.js';
import { TransportError } from '../transports/errors.js';
import type { ExecOptions } from '../transports/transport.js';

/** A command on nodes ended with a status other than 0. */
export class NodeCommandError extends NxcError {
  readonly results: readonly CommandResult[];

  constructor(failed: CommandResult, results: readonly CommandResult[]) {
    const others = results.filter(({ status }) => status !== 0).length - 1;
    super({
      asked: `${failed.node}: \`${oneLine(failed.command)}\` ${outcome(failed)}`,
      found: [
        `after ${formatDuration(failed.durationMs)}`,
        tail('stderr', failed.stderr, 10) || tail('stdout', failed.stdout, 10),
        others > 0 ? `${others} more of ${results.length} nodes failed` : '',
      ]
        .filter(Boolean)
        .join('\n'),
    });
    this.results = results;
  }
}

export interface RunOnNodes extends Pick<ExecOptions, 'timeoutMs' | 'user' | 'env' | 'stdin'> {
  deployment: Deployment;
  nodes: readonly Node[];
  /** A bash script, the same for all nodes or one for each. */
  script: string | ((node: Node) => string);
  /** As the person wrote it, for results and errors; default the script. */
  shownAs?: string;
  /** Nodes at a time; default as `fanOut`. */
  maxParallel?: number;
  /** The other nodes go on when one fails; otherwise they are stopped. */
  keepGoing?: boolean;
  /** Takes stdout instead of the display: an absolute path, of several nodes a file each with the node's name in it. */
  toFile?: string;
  /** Sees every complete line of stdout. */
  onLine?(node: Node, line: string): void;
}

const COLOURS = ['cyan', 'magenta', 'yellow', 'green', 'blue', 'red'] as const;

/**
 * Runs a script on nodes and streams what it prints: of one node as it is, of several line by line behind the node's
 * name, with a table at the end. Resolves to a result for each node that ran, failed ones too; rejects with InterruptedError, or,
 * after the table, with the TransportError of a node that cannot be reached.
 */
export async function runOnNodes(
  request: RunOnNodes,
  { display, signal }: { display: Display; signal: AbortSignal },
): Promise<CommandResult[]> {
  const { nodes } = request;
  if (nodes.length === 0) {
    display.write('no node is meant, so nothing was run\n', 'stderr');
    return [];
  }
  const stopOthers = new AbortController();
  const both = anyOf(signal, stopOthers.signal);
  const width = Math.max(...nodes.map(({ name }) => name.length));
  const broken = new Map<string, unknown>();
  const run = async (node: Node, index: number): Promise<CommandResult | undefined> => {
    if (both.aborted) return undefined;
    const prefix = nodes.length === 1 ? '' : prefixOf(node.name, index, width);
    try {
      const result = await runOnNode(request, node, prefix, display, both);
      if (result.status !== 0 && !request.keepGoing) stopOthers.abort();
      return result;
    } catch (error) {
      if (!(error instanceof InterruptedError)) {
        broken.set(node.name, error);
        if (!request.keepGoing) stopOthers.abort();
      }
      return undefined;
    }
  };
  const results = await fanOut(nodes, run, request.maxParallel);
  if (signal.aborted) throw new InterruptedError();
  if (nodes.length > 1) display.show(closingTable(nodes, results, broken));
  for (const error of broken.values()) throw error;
  return results.filter(result => result !== undefined);
}

/** The first failure as an error; nothing when every node ended well. */
export function throwIfFailed(results: readonly CommandResult[]): void {
  const failed = results.find(({ status }) => status !== 0);
  if (failed) throw new NodeCommandError(failed, results);
}

async function runOnNode(
  request: RunOnNodes,
  node: Node,
  prefix: string,
  display: Display,
  signal: AbortSignal,
): Promise<CommandResult> {
  const script = typeof request.script === 'string' ? request.script : request.script(node);
  const onLine = request.onLine && ((line: string) => request.onLine!(node, line));
  const among = request.nodes.length;
  const file =
    request.toFile === undefined ? undefined : new StdoutFile(fileOf(request.toFile, node.name, among));
  const out = new Stream(prefix, file ? nowhere : sinkOf(display, 'stdout'), onLine);
  const err = new Stream(prefix, sinkOf(display, 'stderr'));
  const result = await request.deployment
    .transport(node.name)
    .exec(script, {
      signal: file ? file.signalWith(signal) : signal,
      keepBytes: keptBytes(among, file !== undefined),
      onStdout(chunk) {
        file?.push(chunk);
        out.push(chunk);
      },
      onStderr: chunk => err.push(chunk),
      ...(request.timeoutMs === undefined ? {} : { timeoutMs: request.timeoutMs }),
      ...(request.user === undefined ? {} : { user: request.user }),
      ...(request.env === undefined ? {} : { env: request.env }),
      ...(request.stdin === undefined ? {} : { stdin: request.stdin }),
    })
    .catch(error => {
      throw file?.error ?? error;
    })
    .finally(() => {
      out.end();
      err.end();
      file?.close();
    });
  return {
    ...commandResult(node.name, request.shownAs ?? script, result),
    ...(file ? { stdoutFile: file.path } : {}),
  };
}

interface Sink {
  write(text: string): void;
  /** Takes bytes as they are. */
  bytes?(chunk: Buffer): void;
}

const nowhere: Sink = { write: () => {} };

function sinkOf(display: Display, stream: 'stdout' | 'stderr'): Sink {
  return {
    write: text => display.write(text, stream),
    ...(display.writeBytes && { bytes: (chunk: Buffer) => display.writeBytes!(chunk, stream) }),
  };
}

/**
 * What a node prints, for the display. Of one node it is passed on byte by byte where that can be; with a prefix it goes in whole lines,
 * so that nodes do not mix within one.
 */
class Stream {
  readonly #decoder = new StringDecoder('utf8');
  readonly #text = new TerminalText();
  #rest = '';

  constructor(
    private readonly prefix: string,
    private readonly sink: Sink,
    private readonly onLine?: (line: string) => void,
  ) {}

  push(chunk: Buffer): void {
    if (!this.prefix && this.sink.bytes) {
      this.sink.bytes(chunk);
      if (!this.onLine) return;
    }
    this.#take(this.#decoder.write(chunk));
  }

  end(): void {
    this.#take(this.#decoder.end());
    if (!this.prefix && !this.sink.bytes) this.#write(this.#text.end());
    if (this.#rest === '') return;
    if (this.prefix) this.#write(`${this.#line(this.#rest)}\n`);
    this.onLine?.(this.#rest);
    this.#rest = '';
  }

  #take(text: string): void {
    if (text === '') return;
    if (!this.prefix && !this.sink.bytes) this.#write(this.#text.push(text));
    if (!this.prefix && !this.onLine) return;
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    if (lines.length === 0) return;
    if (this.prefix) this.#write(`${lines.map(line => this.#line(line)).join('\n')}\n`);
    for (const line of lines) this.onLine?.(line);
  }

  /** A node that returns to the begin of the line finds the prefix there again, and its colours end with the line. */
  #line(line: string): string {
    const text = this.#text.push(line);
    const again = text.replace(/\r+/g, (run, at) =>
      at + run.length < text.length ? `\r${this.prefix}` : '\r',
    );
    return this.prefix + again + this.#text.end();
  }

  #write(text: string): void {
    if (text !== '') this.sink.write(text);
  }
}

function prefixOf(name: string, index: number, width: number): string {
  const colour = COLOURS[index % COLOURS.length]!;
  return `${styleText(colour, `${name.padEnd(width)} │`, { validateStream: false })} `;
}

function closingTable(
  nodes: readonly Node[],
  results: ReadonlyArray<CommandResult | undefined>,
  broken: ReadonlyMap<string, unknown>,
): Table {
  return new Table(
    nodes.map(({ name }, index) => {
      const result = results[index];
      if (!result) return { node: name, result: withoutResult(broken.get(name)), time: '' };
      return {
        node: name,
        result: result.status === 0 ? 'ok' : outcome(result),
        time: formatDuration(result.durationMs),
        ...(result.stdoutFile === undefined ? {} : { file: result.stdoutFile }),
      };
    }),
    { limit: nodes.length },
  );
}

function withoutResult(error: unknown): string {
  if (error === undefined) return 'stopped';
  return error instanceof TransportError ? 'not reached' : 'failed';
}

function outcome(result: CommandResult): string {
  if (result.timedOut) return 'timed out';
  return `ended with status ${result.status}${result.signal ? ` (${result.signal})` : ''}`;
}

function oneLine(command: string): string {
  const lines = command.trim().split('\n');
  const first = lines[0]!.length > 80 ? `${lines[0]!.slice(0, 79)}…` : lines[0]!;
  return lines.length > 1 ? `${first} …` : first;
}
