import type { Lazy } from '../value.js';

/** The variables of one scope at run time. Code finds a variable by how many scopes it lies outward, and its slot. */
export class Env {
  constructor(
    readonly slots: Lazy[],
    readonly parent: Env | undefined,
  ) {}
}

/** The names of a scope at compile time; `with` scopes hold their set in slot 0 and no names. */
export class Scope {
  readonly slots = new Map<string, number>();

  constructor(
    readonly parent: Scope | undefined,
    readonly kind: 'names' | 'with' = 'names',
  ) {}

  /** Gives a name the next slot. */
  declare(name: string): number {
    const slot = this.slots.size;
    this.slots.set(name, slot);
    return slot;
  }

  /** Where a name is bound by its place in the text; `with` is looked through. */
  find(name: string): { depth: number; slot: number } | undefined {
    let depth = 0;
    for (let scope: Scope | undefined = this; scope; scope = scope.parent, depth++) {
      const slot = scope.slots.get(name);
      if (slot !== undefined) return { depth, slot };
    }
    return undefined;
  }

  /** How far outward the sets of `with` lie, innermost first. */
  withs(): number[] {
    const depths: number[] = [];
    let depth = 0;
    for (let scope: Scope | undefined = this; scope; scope = scope.parent, depth++) {
      if (scope.kind === 'with') depths.push(depth);
    }
    return depths;
  }

  /** All names that are visible here by their place in the text. */
  *names(): Iterable<string> {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) yield* scope.slots.keys();
  }
}

export function outward(env: Env, depth: number): Env {
  let at = env;
  for (let i = depth; i > 0; i--) at = at.parent!;
  return at;
}
