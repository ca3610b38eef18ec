import type { NixError } from './error.js';
import type { Position } from './source.js';
import { compareText } from './text.js';
import type { Lazy } from './value.js';

/** An attribute set, whatever holds its attributes. */
export abstract class AttrSet {
  abstract get(name: string): Lazy | undefined;
  abstract has(name: string): boolean;
  /** Sorted as Nix sorts them. */
  abstract names(): readonly string[];
  /** Where the attribute was written, when it was written in Nix. */
  abstract position(name: string): Position | undefined;

  /** What to say of an attribute that is not there, where the set knows better than "it is missing". */
  missing(_name: string): NixError | undefined {
    return undefined;
  }

  /** What to say to who calls it as a function, where the set knows better than that it is none. */
  uncallable(): NixError | undefined {
    return undefined;
  }

  *[Symbol.iterator](): IterableIterator<[string, Lazy]> {
    for (const name of this.names()) {
      const value = this.get(name);
      if (value !== undefined) yield [name, value];
    }
  }
}

/** A set whose attributes are all there. Must not change once Nix code has seen it. */
export class Attrs extends AttrSet {
  #names: readonly string[] | undefined;

  constructor(
    readonly map: ReadonlyMap<string, Lazy>,
    readonly positions?: ReadonlyMap<string, Position>,
  ) {
    super();
  }

  static from(entries: Readonly<Record<string, Lazy>> | Iterable<readonly [string, Lazy]>): Attrs {
    return new Attrs(new Map(Symbol.iterator in entries ? entries : Object.entries(entries)));
  }

  override get(name: string): Lazy | undefined {
    return this.map.get(name);
  }

  override has(name: string): boolean {
    return this.map.has(name);
  }

  override names(): readonly string[] {
    this.#names ??= [...this.map.keys()].sort(compareText);
    return this.#names;
  }

  override position(name: string): Position | undefined {
    return this.positions?.get(name);
  }
}

export interface Resolver {
  get(name: string): Lazy | undefined;
  has(name: string): boolean;
  /** The names to show and to map over; may leave out names that `has` knows. */
  names(): readonly string[];
  position?(name: string): Position | undefined;
  missing?(name: string): NixError | undefined;
  uncallable?(): NixError;
}

/** A set whose attributes are made when asked for. Each is asked for at most once. */
export class VirtualAttrs extends AttrSet {
  readonly #made = new Map<string, Lazy | undefined>();

  constructor(private readonly resolver: Resolver) {
    super();
  }

  override get(name: string): Lazy | undefined {
    if (!this.#made.has(name)) this.#made.set(name, this.resolver.get(name));
    return this.#made.get(name);
  }

  override has(name: string): boolean {
    return this.resolver.has(name);
  }

  override names(): readonly string[] {
    return [...this.resolver.names()].sort(compareText);
  }

  override position(name: string): Position | undefined {
    return this.resolver.position?.(name);
  }

  override missing(name: string): NixError | undefined {
    return this.resolver.missing?.(name);
  }

  override uncallable(): NixError | undefined {
    return this.resolver.uncallable?.();
  }
}

/** `left // right`. */
export function update(left: AttrSet, right: AttrSet): AttrSet {
  if (!(left instanceof Attrs) || !(right instanceof Attrs)) {
    return new VirtualAttrs({
      get: name => (right.has(name) ? right.get(name) : left.get(name)),
      has: name => right.has(name) || left.has(name),
      names: () => [...new Set([...left.names(), ...right.names()])],
      position: name => (right.has(name) ? right : left).position(name),
    });
  }
  if (!right.map.size) return left;
  if (!left.map.size) return right;
  const map = new Map(left.map);
  for (const [name, value] of right.map) map.set(name, value);
  if (!left.positions && !right.positions) return new Attrs(map);
  const positions = new Map(left.positions);
  for (const name of right.map.keys()) {
    const position = right.positions?.get(name);
    if (position) positions.set(name, position);
    else positions.delete(name);
  }
  return new Attrs(map, positions);
}
