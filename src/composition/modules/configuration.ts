import { type AttrSet, Attrs, VirtualAttrs } from '../../nix/attrs.js';
import { expectAttrs } from '../../nix/expect.js';
import { force, type Lazy, Thunk } from '../../nix/value.js';
import { anything } from './composite-types.js';
import { type Definition, definition, holds, marked, type Place } from './definition.js';
import { Level } from './level.js';
import { mergeDefinitions } from './merge.js';
import { NoValue, ofUndeclared } from './no-value.js';
import type { Stray } from './stray.js';
import type { OptionType, Settled } from './type.js';

/** How definitions of options that nobody declares are read. */
export interface Undeclared {
  /** The type of the set of them (freeformType); undefined when the modules have none. */
  freeform(): OptionType | undefined;
  /** Whether they are there at all without one: NixOS declares options that are not known here. */
  allowed: boolean;
}

/** The merged values of options, each computed when somebody asks for it: this is what makes `config` a fixpoint. */
export function configuration(level: Level, how: Undeclared): AttrSet {
  const rest = Thunk.of(() => {
    const type = how.freeform();
    const definitions = [...strayOf(level)].map(settled);
    if (!type || definitions.length === 0) return new Attrs(new Map());
    return force(type.merge(level.place, definitions, level.modules));
  });
  return view(level, how, rest);
}

function view(level: Level, how: Undeclared, rest: Lazy): AttrSet {
  const { place, options, modules } = level;
  // Of a set whose other names only the modules of NixOS could declare.
  const open = (): boolean => how.allowed && !how.freeform();
  const free = (): AttrSet | undefined => {
    if (!how.freeform()) return undefined;
    const set = force(rest);
    return set === null ? undefined : expectAttrs(set);
  };
  return new VirtualAttrs({
    // `_module` is about the modules; who maps over a configuration does not mean it.
    names: () => {
      const others = open() ? level.names() : (free()?.names() ?? []);
      return [...new Set([...level.declaredNames(), ...others])].filter(name => name !== '_module');
    },
    has: name => Object.hasOwn(options, name) || (open() ? level.has(name) : (free()?.has(name) ?? false)),
    position: name => level.of(name)[0]?.position,
    missing: name => new NoValue([...place, name]),
    get: name => {
      const here = [...place, name];
      const declared = level.declared(name);
      if (declared instanceof Level) {
        return Thunk.of(() =>
          view(
            declared,
            how,
            Thunk.of(() => force(free()?.get(name) ?? null)),
          ),
        );
      }
      if (declared) return declared.value;
      if (!open()) return free()?.get(name);
      const definitions = level.of(name);
      if (definitions.length === 0) return undefined;
      return Thunk.of(() => {
        const merged = mergeDefinitions(here, anything, definitions, modules);
        if (merged === undefined) throw new NoValue(here);
        return ofUndeclared(here, force(merged));
      });
    },
  });
}

/** Definitions that stand for no declared option. */
function* strayOf(level: Level, inside: Place = []): Generator<{ path: Place; definition: Definition }> {
  for (const name of level.names()) {
    const declared = level.declared(name);
    const path = [...inside, name];
    if (declared instanceof Level) yield* strayOf(declared, path);
    else if (!declared) for (const definition of level.of(name)) yield { path, definition };
  }
}

/** A stray definition as one of the whole set: its marks stand around the value itself. */
function settled({ path, definition: one }: { path: Place; definition: Definition }): Settled {
  let value = marked(one);
  for (const name of [...path].reverse()) {
    value = new Attrs(new Map([[name, value]]), one.position && new Map([[name, one.position]]));
  }
  return { ...definition(value, one.position), file: one.file, value: force(value) };
}

/** What is defined and not declared, the conditions of a definition holding. */
export function* undeclared(level: Level): Generator<Omit<Stray, 'complete'>> {
  for (const name of level.names()) {
    const declared = level.declared(name);
    if (declared instanceof Level) yield* undeclared(declared);
    if (declared) continue;
    const definitions = level.modules.attempt(() => level.of(name).filter(holds), []);
    if (definitions.length === 0) continue;
    yield { place: [...level.place, name], definitions, known: Object.keys(level.options) };
  }
}
