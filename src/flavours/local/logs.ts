import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NxcError } from '../../errors.js';
import { nearestUnits, unitName } from '../../unit-name.js';
import type { LogLine, LogRequest } from '../flavour.js';
import type { DeploymentRecord } from '../record.js';
import { RunFolder } from './run-folder.js';
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
  const first = sources.flatMap(source => {
    const all = source.everything();
    return request.lines === undefined ? all : all.slice(Math.max(0, all.length - request.lines));
  });
  yield* first.sort(byTime);
  while (request.follow && !request.signal?.aborted) {
    yield* sources.flatMap(source => source.news()).sort(byTime);
    await sleep(interval, undefined, { signal: request.signal }).catch(() => {});
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

/** A log as node/supervise.sh writes it: lines `TIME TEXT`; when it is long it becomes `log.1` and starts anew. */
class LogFile {
  private inode = 0;
  private position = 0;
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
    const found = statSync(this.path, { throwIfNoEntry: false });
    if (!found) return [];
    if (found.ino !== this.inode) {
      this.inode = found.ino;
      this.position = 0;
    }
    const fresh = Buffer.alloc(Math.max(0, found.size - this.position));
    const fd = openSync(this.path, 'r');
    const size = readSync(fd, fresh, 0, fresh.length, this.position);
    closeSync(fd);
    this.position += size;
    const text = this.rest + fresh.toString('utf8', 0, size);
    const end = text.lastIndexOf('\n') + 1;
    this.rest = text.slice(end);
    return this.parse(text.slice(0, end));
  }

  private parse(text: string): LogLine[] {
    return text
      .split('\n')
      .slice(0, -1)
      .map(line => {
        const space = line.indexOf(' ');
        return { node: this.node, unit: this.unit, time: line.slice(0, space), text: line.slice(space + 1) };
      });
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
