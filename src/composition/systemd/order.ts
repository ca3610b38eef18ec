import { CompositionError } from '../errors.js';

/** The parts of a unit that decide when it starts. */
export interface Ordered {
  name: string;
  after: readonly string[];
  before: readonly string[];
  requires: readonly string[];
  wants: readonly string[];
}

/** Names of which none can start first: each waits for the one behind it, and the last is the first again. */
export class Cycle extends CompositionError {
  constructor(readonly names: readonly string[]) {
    super({
      asked: `these wait for each other in a cycle: ${names.join(' after ')}`,
      todo: 'remove one of the steps',
    });
  }
}

/**
 * Units in the order in which they can be started one after the other; alphabetical where nothing else is said.
 * As in systemd only `after` and `before` order; where `requires` or `wants` say nothing of the order, what is wanted
 * goes first if that is possible. Throws Cycle (systemd would drop one of its jobs at random).
 */
export function startOrder<T extends Ordered>(units: readonly T[]): T[] {
  const byName = new Map(
    [...units].sort((a, b) => (a.name < b.name ? -1 : 1)).map(unit => [unit.name, unit]),
  );
  const first = new Map([...byName.keys()].map(name => [name, new Set<string>()]));
  for (const unit of byName.values()) {
    for (const name of unit.after) if (byName.has(name)) first.get(unit.name)!.add(name);
    for (const name of unit.before) first.get(name)?.add(unit.name);
  }
  const cycle = findCycle(first);
  if (cycle) throw new Cycle(cycle);
  for (const unit of byName.values()) {
    for (const name of [...unit.requires, ...unit.wants]) {
      if (byName.has(name) && !reaches(first, name, unit.name)) first.get(unit.name)!.add(name);
    }
  }
  const ordered = new Set<T>();
  const visit = (name: string): void => {
    const unit = byName.get(name)!;
    if (ordered.has(unit)) return;
    for (const before of [...first.get(name)!].sort()) visit(before);
    ordered.add(unit);
  };
  for (const name of byName.keys()) visit(name);
  return [...ordered];
}

/** Whether `from` starts after `to`, directly or not. */
function reaches(first: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const queue = [from];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (name === to) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    queue.push(...(first.get(name) ?? []));
  }
  return false;
}

function findCycle(first: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (name: string): string[] | undefined => {
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name];
    if (done.has(name)) return undefined;
    trail.push(name);
    for (const next of first.get(name)!) {
      const cycle = visit(next);
      if (cycle) return cycle;
    }
    trail.pop();
    done.add(name);
    return undefined;
  };
  for (const name of first.keys()) {
    const cycle = visit(name);
    if (cycle) return cycle;
  }
  return undefined;
}
