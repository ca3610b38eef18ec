import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NxcError } from '../../errors.js';
import { nearestUnits, unitName } from '../../unit-name.js';
import type { LogLine, LogRequest } from '../flavour.js';
import type { DeploymentRecord } from '../record.js';
import { RunFolder } from './run-folder.js';
import { parseEntry } from './tools/entry.js';
import { unitsOf } from './unit-states.js';

/** Milliseconds between looks at a log that is followed. */
const interval = 100;

/** The logs of a node's units in the order of time; they are files of this machine and outlive the node's processes. */
export async function* logs(
  record: DeploymentRecord,
  node: string,
  request: LogRequest,
): AsyncIterable<LogLine> {
  const runtime = new RunFolder(record['x-nxc'].run).node(node);
  const units = chosenUnits(node, unitsOf(runtime), request.unit);
  const sources = units.map(unit => new LogFile(node, unit, join(runtime, 'units', unit, 'log')));
  try {
    const first = sources.flatMap(source => {
      const all = source.everything();
      return request.lines === undefined ? all : all.slice(Math.max(0, all.length - request.lines));
    });
    yield* first.sort(byTime);
    while (request.follow && !request.signal?.aborted) {
      yield* sources.flatMap(source => source.news()).sort(byTime);
      await sleep(interval, undefined, { signal: request.signal }).catch(() => {});
    }
  } finally {
    for (const source of sources) source.close();
  }
}

function chosenUnits(node: string, known: readonly string[], asked: string | undefined): readonly string[] {
  if (asked === undefined) return known;
  const unit = unitName(asked);
  if (known.includes(unit)) return [unit];
  throw new NxcError({
    asked: `there is no unit ${unit} on ${node}`,
    nearest: nearestUnits(unit, known),
    found: known.length > 0 ? `units are ${known.join(', ')}` : 'it has no units',
  });
}

const byTime = (a: LogLine, b: LogLine): number => (a.time ?? '').localeCompare(b.time ?? '');

/** A log as node/supervise.sh writes it (tools/entry.ts); when it is long it becomes `log.1` and starts anew. */
class LogFile {
  /** The file as it was opened: it is read to its end although it was renamed since. */
  private open: { fd: number; inode: number; position: number } | undefined;
  private rest = '';

  constructor(
    private readonly node: string,
    private readonly unit: string,
    private readonly path: string,
  ) {}

  everything(): LogLine[] {
    return [...this.parse(textOf(`${this.path}.1`)), ...this.news()];
  }

  news(): LogLine[] {
    let text = this.rest + this.fresh();
    if (this.open && this.open.inode !== statSync(this.path, { throwIfNoEntry: false })?.ino) {
      // Written between the look and the renaming.
      text += this.fresh();
      this.close();
      text += this.fresh();
    }
    const end = text.lastIndexOf('\n') + 1;
    this.rest = text.slice(end);
    return this.parse(text.slice(0, end));
  }

  close(): void {
    if (this.open) closeSync(this.open.fd);
    this.open = undefined;
  }

  private fresh(): string {
    this.open ??= opened(this.path);
    if (!this.open) return '';
    const { fd, position } = this.open;
    const bytes = Buffer.alloc(Math.max(0, fstatSync(fd).size - position));
    const size = readSync(fd, bytes, 0, bytes.length, position);
    this.open.position += size;
    return bytes.toString('utf8', 0, size);
  }

  private parse(text: string): LogLine[] {
    return text
      .split('\n')
      .slice(0, -1)
      .flatMap(line => {
        const entry = parseEntry(line);
        if (!entry) return [];
        const time = new Date(entry.realtime / 1000).toISOString();
        return { node: this.node, unit: this.unit, time, text: entry.message };
      });
  }
}

/** Undefined as long as there is no such file: between two names of a log there is none for a moment. */
function opened(path: string): { fd: number; inode: number; position: number } | undefined {
  try {
    const fd = openSync(path, 'r');
    return { fd, inode: fstatSync(fd).ino, position: 0 };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
