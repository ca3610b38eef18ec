import { type AttrSet, Attrs } from '../../nix/attrs.js';
import { NixError } from '../../nix/error.js';
import { expectAttrs, expectList, expectString } from '../../nix/expect.js';
import { force, type Lazy, type Primop, primop, Thunk, type Value } from '../../nix/value.js';
import { nearest } from '../../suggest.js';
import { definition, fileOf, showPlace, UNKNOWN_FILE } from './definition.js';
import { evaluate, type Host, modulesOf } from './index.js';
import { finalDefinitions, mergeFinal } from './merge.js';
import { className, nativeType } from './named-types.js';
import { readType } from './nix-types.js';
import { NoValue } from './no-value.js';
import type { Stray } from './stray.js';
import type { Modules } from './type.js';

export interface Surroundings {
  call: Host['call'];
  import: Host['import'];
  /** The lib that the functions are part of. */
  lib(): AttrSet;
}

/**
 * What lib/*.nix takes from here: modules that Nix code evaluates with lib.evalModules go through the same code as those
 * of roles.
 */
export function nativeModules(around: Surroundings): AttrSet {
  const lib = Thunk.of(around.lib);
  const host: Host = {
    call: around.call,
    import: around.import,
    attempt: work => work(),
    args: new Map<string, Lazy>([['lib', lib]]),
    open: false,
    undeclared: refuse,
  };
  const modules = modulesOf(host);
  return Attrs.from({
    type: nativeType(modules),
    evaluate: evaluator(host),
    mergeDefinitions: merger(modules),
  });
}

/** `native.evaluate { modules, specialArgs, prefix, class }` */
function evaluator(host: Host): Primop {
  return primop('evalModules', 1, argument => {
    const given = expectAttrs(argument);
    const { args: outer } = host;
    const args = new Map<string, Lazy>([...outer, ...expectAttrs(given.get('specialArgs')!)]);
    const merged = evaluate(
      {
        place: expectList(given.get('prefix')!).map(name => expectString(name)),
        roots: expectList(given.get('modules')!).map(lazy => ({ lazy, file: UNKNOWN_FILE })),
        options: {},
        class: className(given.get('class')),
      },
      { ...host, args, submoduleArgs: outer },
    );
    const checked = <T extends Lazy>(value: () => T) =>
      Thunk.of(() => {
        merged.check();
        return force(value());
      });
    return Attrs.from({
      config: checked(() => new Attrs(new Map(merged.config))),
      options: checked(() => merged.options),
      _module: checked(() => merged.config.get('_module')!),
    });
  });
}

/** `lib.mergeDefinitions loc type defs` */
function merger(modules: Modules): Primop {
  return primop('mergeDefinitions', 3, (loc, type, defs) => {
    const place = expectList(loc).map(name => expectString(name));
    const read = readType(type, modules);
    const final = finalDefinitions(
      expectList(defs).map(lazy => {
        const set = expectAttrs(lazy);
        return { ...definition(set.get('value')!), file: expectString(set.get('file')!) };
      }),
    );
    const definitions = (final?.definitions ?? []).map(one =>
      Attrs.from({ file: fileOf(one), value: one.value }),
    );
    const merged = Thunk.of((): Value => {
      if (final) return force(mergeFinal(place, read, final, modules));
      if (read.empty) return force(read.empty(place, modules));
      throw new NoValue(place);
    });
    return Attrs.from({
      isDefined: final !== undefined,
      defsFinal: definitions,
      "defsFinal'": Attrs.from({ values: definitions, highestPrio: BigInt(final?.priority ?? 9999) }),
      mergedValue: merged,
      optionalValue: Attrs.from(final ? { value: merged } : {}),
    });
  });
}

function refuse({ definitions: [first], place, known }: Stray): never {
  const outer = place.slice(0, -1);
  throw new NixError(
    'throw',
    {
      asked: `the option ${showPlace(place)} does not exist`,
      nearest: nearest(place.at(-1)!, known).map(name => showPlace([...outer, name])),
    },
    first?.position,
  );
}
