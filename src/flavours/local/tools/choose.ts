import type { Entry } from './entry.js';
import { bootOf, fieldsOf, isRecorded, type Place } from './fields.js';
import { UsageError } from './getopt.js';
import type { Query } from './journal-options.js';
import { Refusal } from './refusal.js';

/** Whether an entry is one of those that a query asks for, as systemd combines what is asked. */
export function chooser(query: Query, place: Place, entries: readonly Entry[]): (entry: Entry) => boolean {
  const isOfUnit = unitsOf(query.units, entries);
  const boot = query.boot === undefined || query.boot === 'all' ? undefined : bootNamed(query.boot, place);
  const isMatched = matcher(query.matches);
  return entry => {
    const [highest, lowest] = query.priorities ?? [0, 7];
    const priority = entry.pri & 7;
    return (
      isOfUnit(entry) &&
      (query.identifiers.length === 0 || query.identifiers.includes(entry.identifier)) &&
      priority >= highest &&
      priority <= lowest &&
      (query.facilities?.includes(entry.pri >> 3) ?? true) &&
      entry.realtime >= (query.since ?? 0) &&
      entry.realtime <= (query.until ?? Infinity) &&
      (boot === undefined || bootOf(entry, place.boots)?.id === boot) &&
      (query.grep?.test(entry.message) ?? true) &&
      isMatched(fieldsOf(entry, place))
    );
  };
}

/** Names are those of services when they do not say what they are; patterns are looked up among the units of the journal. */
function unitsOf(asked: readonly string[], entries: readonly Entry[]): (entry: Entry) => boolean {
  if (asked.length === 0) return () => true;
  const patterns = asked.filter(name => /[*?[]/.test(name));
  const names = new Set(asked.filter(name => !patterns.includes(name)).map(fullName));
  const there = new Set(entries.flatMap(({ unit }) => unit ?? []));
  for (const pattern of patterns)
    for (const unit of there) if (globPattern(fullName(pattern)).test(unit)) names.add(unit);
  if (names.size === 0) throw new UsageError('Failed to add filter for units: No data available');
  return ({ unit }) => unit !== undefined && names.has(unit);
}

const suffixes = /\.(service|socket|target|device|mount|automount|swap|timer|path|slice|scope)$/;

/** A pattern that may stand for the suffix, too, is left as it is. */
export const fullName = (name: string): string =>
  suffixes.test(name) || /\*$/.test(name) ? name : `${name}.service`;

/** glob(7) as a regular expression. */
export function globPattern(glob: string): RegExp {
  const text = glob.replace(/\[!?[^\]]+\]|[\s\S]/g, part => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length > 1) return part.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    return part.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
  });
  return new RegExp(`^${text}$`, 's');
}

function bootNamed(name: string, { boots }: Place): string {
  const all = boots.map(({ id }) => id);
  const found = /^([0-9a-f]{32})?([+-]?\d+)?$/.exec(name);
  if (!found) throw new UsageError(`Failed to parse boot descriptor '${name}'`);
  const [, id, text = '0'] = found;
  const offset = Number(text);
  // Without an id positive numbers count from the first boot, others back from the last.
  const base = id !== undefined ? all.indexOf(id) : offset > 0 ? -1 : all.length - 1;
  const chosen = id !== undefined && base === -1 ? undefined : all[base + offset];
  if (chosen === undefined)
    throw new UsageError(
      `Data from the specified boot (${name || '0'}) is not available: No such boot ID in journal`,
    );
  return chosen;
}

/** Of one field any value will do, of different ones each must match; of groups one. */
function matcher(groups: readonly string[][]): (fields: Readonly<Record<string, string>>) => boolean {
  const sets = groups.map(group => {
    const values = new Map<string, Set<string>>();
    for (const match of group) {
      const at = match.indexOf('=');
      const name = match.slice(0, at);
      if (!isRecorded(name))
        throw new Refusal(`the field ${name} in their journal`, 'choose entries with -u, -t, _PID= or _UID=');
      values.set(name, (values.get(name) ?? new Set()).add(match.slice(at + 1)));
    }
    return [...values];
  });
  return fields =>
    sets.some(set => set.every(([name, values]) => fields[name] !== undefined && values.has(fields[name])));
}
