import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { chooser } from './choose.js';
import type { Entry } from './entry.js';
import { cursorOf, fieldsOf, isRecorded, type Place } from './fields.js';
import { formats } from './format.js';
import { UsageError } from './getopt.js';
import { bootsOf, Journal } from './journal.js';
import { optionNames, parseQuery, type Query } from './journal-options.js';
import { facilities } from './levels.js';
import { type Node, say } from './node.js';
import { Refusal } from './refusal.js';

/** Milliseconds between looks at a journal that is followed. */
const interval = 100;

interface Located {
  entry: Entry;
  cursor: string;
}

/** journalctl(1) of a node: its options, or an error for those that it does not have. Returns the exit status. */
export async function journalctl(argv: readonly string[], node: Node): Promise<number> {
  const query = parseQuery(argv, Date.now());
  const place = placeOf(node);
  if (query.format === 'help') return say(`${Object.keys(formats).join('\n')}\n`);
  switch (query.action) {
    case 'help':
      return say(help);
    case 'version':
      return say('journalctl of a node of flavour local (nxc), with the options of systemd 252\n');
    case 'nothing':
      return 0;
    case 'list-boots':
      return say(listBoots(place));
    case 'facilities':
      return say(`Available facilities:\n${facilities.map(name => `${name}\n`).join('')}`);
    case 'disk-usage':
      return say(
        `Archived and active journals take up ${size(new Journal(node.run).bytes())} in the file system.\n`,
      );
  }
  return show(query, new Journal(node.run), place);
}

const help = `journalctl [OPTIONS...] [MATCHES...]

Query the journal of this node. Of systemd's options a node of flavour local has:
${optionNames.map(name => `  --${name}\n`).join('')}
The other ones are errors. See journalctl(1) for what each means.
`;

async function show(query: Query, journal: Journal, place: Place): Promise<number> {
  let located = locate(journal.read());
  // Those of the whole journal, whatever else is asked.
  if (query.action === 'fields' || query.action === 'field') return say(values(located, query, place));
  const isChosen = chooser(
    query,
    place,
    located.map(({ entry }) => entry),
  );
  const from = cursorStart(query);
  if (from) located = located.slice(startOf(located, from));
  let chosen = located.filter(({ entry }) => isChosen(entry));
  if (query.lines !== undefined)
    chosen = query.oldest
      ? chosen.slice(0, query.lines)
      : chosen.slice(chosen.length - Math.min(query.lines, chosen.length));
  if (query.reverse) chosen.reverse();
  let boot: string | undefined;
  const lines = chosen.map(({ entry, cursor }) => {
    const now = fieldsOf(entry, place)._BOOT_ID;
    const line =
      query.format.startsWith('short') && !query.quiet && boot !== undefined && now !== boot
        ? `-- Boot ${now} --\n`
        : '';
    boot = now;
    return line + formatted(entry, cursor, query, place);
  });
  say(lines.join(''));
  const last = chosen.at(-1)?.cursor;
  if (query.follow) return follow(query, journal, place, isChosen);
  if (chosen.length === 0 && !query.quiet && !isData(query.format)) say('-- No entries --\n');
  if (query.showCursor && last !== undefined) say(`-- cursor: ${last}\n`);
  if (query.cursorFile !== undefined && last !== undefined) writeFileSync(query.cursorFile, last);
  return query.grep && chosen.length === 0 ? 1 : 0;
}

async function follow(
  query: Query,
  journal: Journal,
  place: Place,
  isChosen: (entry: Entry) => boolean,
): Promise<never> {
  for (;;) {
    await sleep(interval);
    const news = locate(journal.read()).filter(({ entry }) => isChosen(entry));
    say(news.map(({ entry, cursor }) => formatted(entry, cursor, query, place)).join(''));
  }
}

const isData = (format: string): boolean => /^(json|export|cat)/.test(format);

function formatted(entry: Entry, cursor: string, query: Query, place: Place): string {
  return `${formats[query.format]!(entry, place, cursor, query)}\n`;
}

/** Entries of one moment differ in their number. */
function locate(entries: readonly Entry[]): Located[] {
  let before: number | undefined;
  let index = 0;
  return entries.map(entry => {
    index = entry.realtime === before ? index + 1 : 0;
    before = entry.realtime;
    return { entry, cursor: cursorOf(entry, index) };
  });
}

interface Start {
  cursor: string;
  after: boolean;
}

function cursorStart({ cursor, afterCursor, cursorFile }: Query): Start | undefined {
  if (cursor !== undefined) return { cursor, after: false };
  if (afterCursor !== undefined) return { cursor: afterCursor, after: true };
  if (cursorFile === undefined) return undefined;
  try {
    return { cursor: readFileSync(cursorFile, 'utf8').trim(), after: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UsageError(`Failed to read cursor file: ${(error as Error).message}`);
  }
}

/** The entry at a cursor, or the next one when it is there no more. */
function startOf(located: readonly Located[], { cursor, after }: Start): number {
  const found = /^t=([0-9a-f]+);i=[0-9a-f]+$/.exec(cursor);
  if (!found) throw new UsageError(`Failed to seek to cursor: ${cursor} is no cursor of this journal`);
  const at = located.findIndex(one => one.cursor === cursor);
  if (at !== -1) return at + Number(after);
  const next = located.findIndex(({ entry }) => entry.realtime > Number.parseInt(found[1]!, 16));
  return next === -1 ? located.length : next;
}

function values(all: readonly Located[], { field }: Query, place: Place): string {
  if (field !== undefined && !/^[A-Z_][A-Z0-9_]*$/.test(field))
    throw new UsageError('Failed to query unique data objects: Invalid argument');
  if (field !== undefined && !isRecorded(field))
    throw new Refusal(
      `the field ${field} in their journal`,
      'see those that there are with journalctl --fields',
    );
  const found = all.flatMap(({ entry }) => {
    const fields = fieldsOf(entry, place);
    return field === undefined ? Object.keys(fields) : (fields[field] ?? []);
  });
  return [...new Set(found)].map(value => `${value}\n`).join('');
}

function listBoots({ boots }: Place): string {
  const time = (micros: number) =>
    new Date(Math.floor(micros / 1000)).toISOString().replace('T', ' ').slice(0, 19);
  const lines = boots.map(
    ({ id, begin }, i) => `${String(i + 1 - boots.length).padStart(2)} ${id} ${time(begin)} UTC\n`,
  );
  return `IDX BOOT ID                          FIRST ENTRY\n${lines.map(line => ` ${line}`).join('')}`;
}

const size = (bytes: number): string =>
  bytes < 1024
    ? `${bytes}B`
    : bytes < 1024 ** 2
      ? `${(bytes / 1024).toFixed(1)}K`
      : `${(bytes / 1024 ** 2).toFixed(1)}M`;

function placeOf({ run, name }: Node): Place {
  const machineId = read('/etc/machine-id');
  return {
    hostname: name || hostname(),
    ...(machineId && { machineId }),
    boots: bootsOf(run),
  };
}

function read(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, 'utf8').trim() : '';
}
