import { AttrSet } from '../../nix/attrs.js';
import { describe } from '../../nix/describe.js';
import { NixError } from '../../nix/error.js';
import { childOf, type Definition, type Place, showPlace, spread } from './definition.js';
import { Alias, Option, type Options } from './option.js';
import { OptionValue } from './option-value.js';
import type { Modules } from './type.js';

/** One set of the tree of options, with what modules define in it. Each option and each set in it is made once. */
export class Level {
  readonly #values = new Map<string, OptionValue>();
  readonly #levels = new Map<string, Level>();
  /** Older names, of the options that stand for them. */
  private readonly aliases: ReadonlyMap<string, string>;
  #sets: ReadonlyArray<Definition & { value: AttrSet }> | undefined;

  constructor(
    readonly place: Place,
    readonly options: Options,
    private readonly definitions: readonly Definition[],
    readonly modules: Modules,
  ) {
    this.aliases = aliasesOf(options);
  }

  /** What is declared: an option, a set of options, or nothing. */
  declared(name: string): OptionValue | Level | undefined {
    const declared = Object.hasOwn(this.options, name) ? this.options[name] : undefined;
    if (declared === undefined) return undefined;
    if (declared instanceof Alias) return this.declared(declared.of);
    const here = [...this.place, name];
    if (declared instanceof Option) {
      return entry(
        this.#values,
        name,
        () => new OptionValue(here, declared, () => this.of(name), this.modules),
      );
    }
    return entry(this.#levels, name, () => new Level(here, declared, this.of(name), this.modules));
  }

  /** Looks at every declaration. */
  visit(): void {
    for (const name of this.declaredNames()) {
      this.modules.attempt(() => {
        const declared = this.declared(name);
        if (declared instanceof Level) declared.visit();
      }, undefined);
    }
  }

  /** Names that are defined, without aliases. */
  names(): string[] {
    return [...new Set(this.sets().flatMap(({ value }) => value.names().map(name => this.meant(name))))];
  }

  has(name: string): boolean {
    return this.spellings(name).some(spelling => this.sets().some(({ value }) => value.has(spelling)));
  }

  /** The definitions of a name, those by an alias included. */
  of(name: string): Definition[] {
    const spellings = this.spellings(name);
    return this.sets().flatMap(set =>
      spellings.filter(spelling => set.value.has(spelling)).map(spelling => childOf(set, spelling)),
    );
  }

  /** Names of what is declared, without aliases. */
  declaredNames(): string[] {
    return Object.keys(this.options).filter(name => !this.aliases.has(name));
  }

  private meant(name: string): string {
    return this.aliases.get(name) ?? name;
  }

  private spellings(name: string): string[] {
    return [name, ...[...this.aliases].filter(([, of]) => of === name).map(([alias]) => alias)];
  }

  private sets(): ReadonlyArray<Definition & { value: AttrSet }> {
    this.#sets ??= this.definitions.flatMap(spread).map(one => {
      const { value, position } = one;
      if (value instanceof AttrSet) return { ...one, value };
      const asked = `${this.place.length ? showPlace(this.place) : 'a configuration'} is a set of options`;
      throw new NixError('type', { asked, found: describe(value) }, position);
    });
    return this.#sets;
  }
}

/** What modules declare is not looked at yet: only what is known here has aliases. */
function aliasesOf(options: Options): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(options))) {
    if (value instanceof Alias) aliases.set(name, value.of);
  }
  return aliases;
}

function entry<T>(made: Map<string, T>, name: string, make: () => T): T {
  const before = made.get(name);
  if (before !== undefined) return before;
  const value = make();
  made.set(name, value);
  return value;
}
