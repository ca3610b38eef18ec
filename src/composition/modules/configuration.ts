import { AttrSet, Attrs, VirtualAttrs } from '../../nix/attrs.js';
import { describe } from '../../nix/describe.js';
import { NixError } from '../../nix/error.js';
import { expectAttrs } from '../../nix/expect.js';
import { force, type Lazy, Thunk } from '../../nix/value.js';
import { anything } from './composite-types.js';
import { childOf, type Definition, holds, type Place, showPlace, spread } from './definition.js';
import { mergeDefinitions } from './merge.js';
import { NoValue, ofUndeclared } from './no-value.js';
import { Alias, Option, type Options } from './option.js';
import type { Stray } from './stray.js';
import type { Modules, OptionType } from './type.js';

/** The merged values of options, each computed when somebody asks for it: this is what makes `config` a fixpoint. */
export function configuration(
  place: Place,
  options: Options,
  definitions: readonly Definition[],
  modules: Modules,
  /** Of the set of all that is not declared. */
  freeform?: OptionType,
): AttrSet {
  const children = new Children(place, options, definitions);
  const rest = Thunk.of(() =>
    force(mergeDefinitions(place, freeform!, children.strays(), modules) ?? new Attrs(new Map())),
  );
  const config: VirtualAttrs = new VirtualAttrs({
    // `_module` is about the modules; who maps over a configuration does not mean it.
    names: () =>
      [...new Set([...Object.keys(options), ...children.names()])].filter(
        name => name !== '_module' && !(options[name] instanceof Alias),
      ),
    has: name => Object.hasOwn(options, name) || children.of(name).length > 0,
    position: name => children.of(name)[0]?.position,
    missing: name => new NoValue([...place, name]),
    get: name => {
      const declared = Object.hasOwn(options, name) ? options[name] : undefined;
      const here = [...place, name];
      if (declared instanceof Alias) return config.get(declared.of);
      if (declared instanceof Option) {
        return Thunk.of(() => force(valueOfOption(here, declared, children.of(name), modules)));
      }
      if (declared) return Thunk.of(() => configuration(here, declared, children.of(name), modules));
      const definitions = children.of(name);
      if (definitions.length === 0) return undefined;
      if (freeform) return Thunk.of(() => force(expectAttrs(rest).get(name) ?? missing(here)));
      return Thunk.of(() => {
        const merged = mergeDefinitions(here, anything, definitions, modules);
        return merged === undefined ? missing(here) : ofUndeclared(here, force(merged));
      });
    },
  });
  return config;
}

/** What is defined and not declared, the conditions of a definition holding. */
export function* undeclared(
  place: Place,
  options: Options,
  definitions: readonly Definition[],
  modules: Modules,
): Generator<Omit<Stray, 'complete'>> {
  const children = new Children(place, options, definitions);
  for (const name of children.names()) {
    const declared = Object.hasOwn(options, name) ? options[name] : undefined;
    if (declared instanceof Option || declared instanceof Alias) continue;
    const here = [...place, name];
    if (declared) {
      yield* undeclared(here, declared, children.of(name), modules);
      continue;
    }
    const counting = modules.attempt(() => children.of(name).filter(holds), []);
    if (counting.length === 0) continue;
    yield { place: here, definitions: counting, known: Object.keys(options) };
  }
}

function valueOfOption(
  place: Place,
  option: Option,
  definitions: readonly Definition[],
  modules: Modules,
): Lazy {
  const { default: fallback, apply } = option.parts;
  if (option.parts.readOnly) checkReadOnly(place, fallback === undefined ? 1 : 0, definitions);
  const all = definitions.length || fallback === undefined ? definitions : [fallbackDefinition(fallback)];
  let merged = mergeDefinitions(place, option.type, all, modules);
  if (merged === undefined && fallback !== undefined) {
    merged = mergeDefinitions(place, option.type, [fallbackDefinition(fallback)], modules);
  }
  // Not `??`: null is a value.
  if (merged === undefined) merged = option.type.empty ? option.type.empty(place, modules) : missing(place);
  return apply === undefined ? merged : modules.call(apply, merged);
}

function checkReadOnly(place: Place, most: number, definitions: readonly Definition[]): void {
  const counting = definitions.filter(holds);
  const extra = counting[most];
  if (!extra) return;
  throw new NixError(
    'evaluation',
    {
      asked: `the option ${showPlace(place)} is read-only`,
      found: most === 0 ? 'it has a default, and is defined' : 'it is defined more than once',
    },
    extra.position,
  );
}

function fallbackDefinition(value: Lazy): Definition {
  return { value, position: undefined, conditions: [], priority: 1500, order: 1000 };
}

function missing(place: Place): never {
  throw new NoValue(place);
}

/** The definitions at one level of the tree by name; looked at once. */
class Children {
  #sets: ReadonlyArray<Definition & { value: AttrSet }> | undefined;

  constructor(
    private readonly place: Place,
    private readonly options: Options,
    private readonly definitions: readonly Definition[],
  ) {}

  /** Without aliases. */
  names(): string[] {
    return [...new Set(this.sets().flatMap(({ value }) => value.names().map(name => this.meant(name))))];
  }

  /** Those by an alias included. */
  of(name: string): Definition[] {
    return this.sets().flatMap(set =>
      set.value
        .names()
        .filter(given => this.meant(given) === name)
        .map(given => childOf(set, given)),
    );
  }

  /** The definitions as sets of the names that are not declared. */
  strays(): Definition[] {
    return this.sets().map(set => {
      const names = set.value.names().filter(name => !Object.hasOwn(this.options, name));
      const positions = names.flatMap(name => {
        const position = set.value.position(name);
        return position ? [[name, position] as const] : [];
      });
      return {
        ...set,
        value: new Attrs(new Map(names.map(name => [name, set.value.get(name)!])), new Map(positions)),
      };
    });
  }

  private meant(name: string): string {
    const declared = Object.hasOwn(this.options, name) ? this.options[name] : undefined;
    return declared instanceof Alias ? declared.of : name;
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
