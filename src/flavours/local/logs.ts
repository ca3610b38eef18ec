import { setTimeout as sleep } from 'node:timers/promises';
import { NxcError } from '../../errors.js';
import { nearestUnits, unitName } from '../../unit-name.js';
import type { LogLine, LogRequest } from '../flavour.js';
import type { DeploymentRecord } from '../record.js';
import { RunFolder } from './run-folder.js';
import type { Entry } from './tools/entry.js';
import { Journal } from './tools/journal.js';
import { unitsOf } from './unit-states.js';

/** Milliseconds between looks at a log that is followed. */
const interval = 100;

/** A node's journal in the order of time; its files are of this machine and outlive the node's processes. */
export async function* logs(
  record: DeploymentRecord,
  node: string,
  request: LogRequest,
): AsyncIterable<LogLine> {
  const runtime = new RunFolder(record['x-nxc'].run).node(node);
  const unit = request.unit === undefined ? undefined : knownUnit(node, unitsOf(runtime), request.unit);
  const journal = new Journal(runtime);
  const news = (): LogLine[] =>
    journal
      .read()
      .filter(entry => unit === undefined || entry.unit === unit)
      .map(entry => lineOf(node, entry));
  try {
    const all = news();
    yield* request.lines === undefined ? all : ends(all, request.lines);
    while (request.follow && !request.signal?.aborted) {
      yield* news();
      await sleep(interval, undefined, { signal: request.signal }).catch(() => {});
    }
  } finally {
    journal.close();
  }
}

/** What was written outside of units is named as its writer named itself. */
const lineOf = (node: string, { realtime, unit, identifier, message }: Entry): LogLine => ({
  node,
  unit: unit ?? identifier,
  time: new Date(realtime / 1000).toISOString(),
  text: message,
});

/** The last lines of each unit. */
function ends(all: readonly LogLine[], lines: number): LogLine[] {
  const left = new Map<string, number>();
  return all
    .toReversed()
    .filter(({ unit }) => {
      const count = left.get(unit) ?? lines;
      left.set(unit, count - 1);
      return count > 0;
    })
    .toReversed();
}

function knownUnit(node: string, known: readonly string[], asked: string): string {
  const unit = unitName(asked);
  if (known.includes(unit)) return unit;
  throw new NxcError({
    asked: `there is no unit ${unit} on ${node}`,
    nearest: nearestUnits(unit, known),
    found: known.length > 0 ? `units are ${known.join(', ')}` : 'it has no units',
  });
}
