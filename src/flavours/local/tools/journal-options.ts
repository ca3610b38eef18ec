import { formats } from './format.js';
import { getopt, type Spec, UsageError } from './getopt.js';
import { facilityOf, levelOf } from './levels.js';
import { Refusal } from './refusal.js';
import { parseTimestamp } from './timestamp.js';

/** What journalctl shall show, and how. */
export interface Query {
  action:
    | 'show'
    | 'help'
    | 'version'
    | 'fields'
    | 'field'
    | 'list-boots'
    | 'disk-usage'
    | 'facilities'
    | 'nothing';
  units: string[];
  identifiers: string[];
  /** Highest priority (lowest number) first. */
  priorities?: readonly [number, number];
  facilities?: readonly number[];
  since?: number;
  until?: number;
  grep?: RegExp;
  /** `FIELD=value` words, a group each side of a `+`. */
  matches: string[][];
  boot?: string;
  /** Entries at the end, or with `oldest` at the beginning. */
  lines?: number;
  oldest?: boolean;
  format: string;
  fields?: string[];
  field?: string;
  cursor?: string;
  afterCursor?: string;
  cursorFile?: string;
  showCursor: boolean;
  reverse: boolean;
  follow: boolean;
  all: boolean;
  utc: boolean;
  hostname: boolean;
  quiet: boolean;
}

const [nothing, word, maybe] = [{ takes: 'nothing' }, { takes: 'word' }, { takes: 'maybe' }] as const;
const letter = (name: string, spec: Spec): Spec => ({ ...spec, letter: name });

const specs: Readonly<Record<string, Spec>> = {
  since: letter('S', word),
  until: letter('U', word),
  cursor: letter('c', word),
  'after-cursor': word,
  'cursor-file': word,
  boot: letter('b', maybe),
  unit: letter('u', word),
  identifier: letter('t', word),
  priority: letter('p', word),
  facility: word,
  grep: letter('g', word),
  'case-sensitive': maybe,
  output: letter('o', word),
  'output-fields': word,
  lines: letter('n', maybe),
  reverse: letter('r', nothing),
  'show-cursor': nothing,
  utc: nothing,
  catalog: letter('x', nothing),
  'no-hostname': nothing,
  full: letter('l', nothing),
  all: letter('a', nothing),
  follow: letter('f', nothing),
  'no-tail': nothing,
  quiet: letter('q', nothing),
  'no-pager': nothing,
  'pager-end': letter('e', nothing),
  system: nothing,
  merge: letter('m', nothing),
  help: letter('h', nothing),
  version: nothing,
  fields: letter('N', nothing),
  field: letter('F', word),
  'list-boots': nothing,
  'disk-usage': nothing,
  sync: nothing,
  flush: nothing,
};

/** What journalctl has elsewhere: with what to do instead. */
const refused: Readonly<Record<string, readonly [spec: Spec, todo?: string]>> = {
  dmesg: [letter('k', nothing), 'kernel messages are those of this machine: see `dmesg` there'],
  user: [nothing, 'the users of a node have no units: ask without --user'],
  'user-unit': [word, 'the users of a node have no units: ask with --unit'],
  machine: [letter('M', word), 'run journalctl on that node'],
  directory: [letter('D', word)],
  file: [word],
  root: [word],
  image: [word],
  namespace: [word],
  'no-full': [nothing, 'cut lines with `cut -c 1-80`'],
  rotate: [nothing, 'the journal is kept small by itself; choose entries with --since'],
  'vacuum-size': [word, 'the journal is kept small by itself; choose entries with --since'],
  'vacuum-files': [word, 'the journal is kept small by itself; choose entries with --since'],
  'vacuum-time': [word, 'the journal is kept small by itself; choose entries with --since'],
  verify: [nothing],
  'verify-key': [word],
  interval: [word],
  force: [nothing],
  'setup-keys': [nothing],
  'relinquish-var': [nothing],
  'smart-relinquish-var': [nothing],
  header: [nothing],
  'list-catalog': [nothing],
  'dump-catalog': [nothing],
  'update-catalog': [nothing],
};

const known = {
  ...specs,
  ...Object.fromEntries(Object.entries(refused).map(([name, [spec]]) => [name, spec])),
};

export const optionNames = Object.keys(specs);

const outputs = [...Object.keys(formats)];

/** @param now milliseconds since 1970 */
export function parseQuery(argv: readonly string[], now: number): Query {
  const { options, words } = getopt(withValues(argv), known);
  const query: Query = {
    action: 'show',
    units: [],
    identifiers: [],
    matches: [[]],
    format: 'short',
    showCursor: false,
    reverse: false,
    follow: false,
    all: false,
    utc: false,
    hostname: true,
    quiet: false,
  };
  let pattern: string | undefined;
  let caseSensitive: boolean | undefined;
  let tail = true;
  let atEnd = false;
  for (const { name, value = '' } of options) {
    const no = refused[name];
    if (no) throw new Refusal(`journalctl --${name}`, ...(no[1] === undefined ? [] : [no[1]]));
    if (name === 'unit') query.units.push(value);
    else if (name === 'identifier') query.identifiers.push(value);
    else if (name === 'priority') query.priorities = parsePriorities(value);
    else if (name === 'facility' && value === 'help') query.action = 'facilities';
    else if (name === 'facility') query.facilities = [...(query.facilities ?? []), ...parseFacilities(value)];
    else if (name === 'since') query.since = parseTimestamp(value, now);
    else if (name === 'until') query.until = parseTimestamp(value, now);
    else if (name === 'grep') pattern = value;
    else if (name === 'case-sensitive')
      caseSensitive = value === '' || parseBoolean(value, '--case-sensitive=');
    else if (name === 'output') query.format = parseOutput(value);
    else if (name === 'output-fields') query.fields = value.split(',');
    else if (name === 'lines') Object.assign(query, parseLines(value));
    else if (name === 'boot') query.boot = value;
    else if (name === 'field') Object.assign(query, { action: 'field', field: value });
    else if (name === 'cursor') query.cursor = value;
    else if (name === 'after-cursor') query.afterCursor = value;
    else if (name === 'cursor-file') query.cursorFile = value;
    else if (name === 'show-cursor') query.showCursor = true;
    else if (name === 'no-hostname') query.hostname = false;
    else if (name === 'no-tail') tail = false;
    else if (name === 'pager-end') atEnd = true;
    else if (name === 'sync' || name === 'flush') query.action = 'nothing';
    else if (name === 'reverse' || name === 'follow' || name === 'all' || name === 'utc' || name === 'quiet')
      query[name] = true;
    else if (
      name === 'help' ||
      name === 'version' ||
      name === 'fields' ||
      name === 'list-boots' ||
      name === 'disk-usage'
    )
      query.action = name;
    // The others ask for what is so anyway: no pager, lines in full, one journal, and there is no catalog of messages.
  }
  query.matches = parseMatches(words);
  if (pattern !== undefined) query.grep = parsePattern(pattern, caseSensitive);
  if (query.follow && query.reverse)
    throw new UsageError('Please specify either --reverse= or --follow=, not both.');
  const froms = [query.cursor, query.afterCursor, query.cursorFile, query.since];
  if (froms.filter(from => from !== undefined).length > 1)
    throw new UsageError(
      'Please specify only one of --since=, --cursor=, --cursor-file=, and --after-cursor=.',
    );
  if (query.since !== undefined && query.until !== undefined && query.since > query.until)
    throw new UsageError('--since= must be before --until=.');
  const given = options.some(({ name }) => name === 'lines');
  if (!given && atEnd) query.lines = 1000;
  else if (!given && query.follow && tail && query.since === undefined) query.lines = 10;
  if (query.grep && query.lines !== undefined && !query.oldest && !query.follow) query.reverse = true;
  return query;
}

/** journalctl takes the next word as the value of -n and -b when it looks like one. */
function withValues(argv: readonly string[]): string[] {
  const joined: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    const next = argv[i + 1] ?? '';
    if (word === '--') return [...joined, ...argv.slice(i)];
    const isLines = /^(--lines|-[a-zA-Z]*n)$/.test(word) && /^(\+?\d+|all)$/.test(next);
    const isBoot =
      /^(--boot|-[a-zA-Z]*b)$/.test(word) && /^([+-]?\d{1,9}|all|[0-9a-f]{32}([+-]\d+)?)$/.test(next);
    // Not when the letter is the value of another one: -un is unit n.
    const isValue = word.startsWith('--') || !/[Scutpgo DMF]/.test(word.slice(1, -1));
    if ((isLines || isBoot) && isValue) {
      joined.push(word.startsWith('--') ? `${word}=${next}` : `${word}${next}`);
      i++;
    } else joined.push(word);
  }
  return joined;
}

function parseLines(value: string): Pick<Query, 'lines' | 'oldest'> {
  if (value === '') return { lines: 10 };
  if (value === 'all') return { lines: undefined };
  const found = /^(\+?)(\d+)$/.exec(value);
  if (!found) throw new UsageError(`Failed to parse lines '${value}'`);
  return { lines: Number(found[2]), oldest: found[1] === '+' };
}

function parsePriorities(value: string): readonly [number, number] {
  const [from = '', to] = value.split('..');
  if (to === undefined) return [0, parseLevel(from, value)];
  const ends = [parseLevel(from, value), parseLevel(to, value)] as const;
  return ends[0] <= ends[1] ? ends : [ends[1], ends[0]];
}

function parseLevel(word: string, value: string): number {
  const level = levelOf(word);
  if (level === undefined) throw new UsageError(`Unknown log level ${value}`);
  return level;
}

function parseFacilities(value: string): number[] {
  return value.split(',').map(name => {
    const found = facilityOf(name);
    if (found === undefined) throw new UsageError(`Bad --facility= argument "${value}".`);
    return found;
  });
}

function parseOutput(value: string): string {
  if (value === 'help') return value;
  if (!outputs.includes(value)) throw new UsageError(`Unknown output format '${value}'.`);
  return value;
}

function parsePattern(pattern: string, caseSensitive = /\p{Lu}/u.test(pattern)): RegExp {
  try {
    return new RegExp(pattern, caseSensitive ? 'u' : 'iu');
  } catch (error) {
    throw new UsageError(`Bad pattern "${pattern}": ${(error as Error).message.replace(/^.*: /, '')}`);
  }
}

function parseMatches(words: readonly string[]): string[][] {
  const groups: string[][] = [[]];
  for (const one of words) {
    if (one === '+') {
      if (groups.at(-1)!.length === 0) throw new UsageError('"+" can only be used between terms');
      groups.push([]);
    } else if (one.startsWith('/'))
      throw new Refusal(`the paths of the programs that write, as ${one}`, 'choose entries with -t or -u');
    else if (!/^[A-Z_][A-Z0-9_]*=/.test(one))
      throw new UsageError(`Failed to add match '${one}': Invalid argument`);
    else groups.at(-1)!.push(one);
  }
  if (groups.length > 1 && groups.at(-1)!.length === 0)
    throw new UsageError('"+" can only be used between terms');
  return groups;
}

export function parseBoolean(value: string, what: string): boolean {
  if (/^(1|yes|y|true|t|on)$/i.test(value)) return true;
  if (/^(0|no|n|false|f|off)$/i.test(value)) return false;
  throw new UsageError(`Failed to parse boolean argument to ${what}: ${value}.`);
}
