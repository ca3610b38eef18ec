import { AttrSet, Attrs } from '../../nix/attrs.js';
import { describe } from '../../nix/describe.js';
import { NixError } from '../../nix/error.js';
import { expectAttrs, expectList, expectString } from '../../nix/expect.js';
import { itemPosition } from '../../nix/item-positions.js';
import type { Position } from '../../nix/source.js';
import { NixString } from '../../nix/text.js';
import { force, Lambda, type Lazy, NixPath, Thunk, type Value } from '../../nix/value.js';
import { type Definition, definition } from './definition.js';
import { located } from './merge.js';
import { isFunction } from './scalar-types.js';
import type { Modules } from './type.js';

/** What modules say, put side by side. */
export interface Collected {
  definitions: Definition[];
  /** Their `options`. */
  declarations: AttrSet[];
  /** The type of what is not declared, where a module says so. */
  freeform?: Lazy;
  /** False when a module could not be read: options that it declares are then unknown. */
  complete: boolean;
}

export interface Collector {
  call(fn: Lazy, ...args: Lazy[]): Value;
  attempt: Modules['attempt'];
  /** The value of a Nix file, or of a folder's default.nix. */
  import(path: string): Value;
  /** pkgs, lib, config and so on. */
  args: ReadonlyMap<string, Lazy>;
  /** An argument that only `_module.args` may know. */
  extraArg(name: string): Lazy;
}

/** Attributes of a module that are about the module. All else is configuration, unless there is `config` or `options`. */
const ABOUT = [
  'imports',
  'require',
  'options',
  'config',
  'disabledModules',
  'freeformType',
  'key',
  '_file',
  '_class',
  'meta',
];

/**
 * The modules and all that they import, each file once. Their definitions are in the order of NixOS: imported ones first, and
 * of those that stand beside each other the last one first.
 */
export function collectModules(roots: readonly Lazy[], collector: Collector): Collected {
  const found: Array<{ key?: string; module: AttrSet }> = [];
  const seen = new Set<string>();
  const disabled = new Set<string>();
  const waiting: Array<{ lazy: Lazy; site?: Position }> = roots.map(lazy => ({ lazy }));
  const visit = (lazy: Lazy, site?: Position): void => {
    const path = filePath(force(lazy));
    if (path !== undefined && seen.has(path)) return;
    if (path !== undefined) seen.add(path);
    const value = path === undefined ? force(lazy) : located(site, () => collector.import(path));
    const module = toSet(value, collector, site);
    const key = module.has('key') ? expectString(module.get('key')!) : path;
    if (key !== path && key !== undefined) {
      if (seen.has(key)) return;
      seen.add(key);
    }
    const place = (name: string) => module.position(name) ?? site;
    // `require` is what `imports` was called once.
    for (const name of ['imports', 'require']) {
      if (!module.has(name)) continue;
      const list = expectList(module.get(name)!, place(name));
      list.forEach((lazy, index) => {
        waiting.push({ lazy, site: itemPosition(list, index) ?? place(name) });
      });
    }
    if (module.has('disabledModules')) {
      const list = expectList(module.get('disabledModules')!, place('disabledModules'));
      for (const item of list) disabled.add(keyOf(force(item)));
    }
    found.push({ key, module });
  };
  // Level by level: the list grows while it is walked.
  let complete = true;
  for (const { lazy, site } of waiting) {
    const read = collector.attempt(() => {
      located(site, () => visit(lazy, site));
      return true;
    }, false);
    complete &&= read;
  }
  const modules = found
    .reverse()
    .filter(({ key }) => key === undefined || !disabled.has(key))
    .map(({ module }) => module);
  return {
    definitions: modules.flatMap(configOf),
    declarations: modules
      .filter(module => module.has('options'))
      .map(module => expectAttrs(module.get('options')!, module.position('options'))),
    complete,
    freeform: modules.map(module => module.get('freeformType')).find(type => type !== undefined),
  };
}

function configOf(module: AttrSet): Definition[] {
  if (!module.has('config') && !module.has('options')) {
    const rest = new Map([...module].filter(([name]) => !ABOUT.includes(name)));
    const positions = new Map(
      [...rest.keys()].flatMap(name => {
        const position = module.position(name);
        return position ? [[name, position] as const] : [];
      }),
    );
    return [definition(new Attrs(rest, positions))];
  }
  const stray = module.names().find(name => !ABOUT.includes(name));
  if (stray !== undefined) {
    throw new NixError(
      'evaluation',
      {
        asked: `a module with config or options cannot have "${stray}" beside them`,
        todo: `write config.${stray} = …`,
      },
      module.position(stray),
    );
  }
  return module.has('config') ? [definition(module.get('config')!, module.position('config'))] : [];
}

function toSet(value: Value, collector: Collector, site: Position | undefined): AttrSet {
  const result = isFunction(value) ? collector.call(value, argumentsOf(value, collector)) : value;
  if (result instanceof AttrSet) {
    // A module may be a mark: lib.mkIf condition { … }
    return result.has('_type') && !result.has('imports') ? Attrs.from({ config: result }) : result;
  }
  throw new NixError(
    'type',
    { asked: 'a module is a set, a function that gives one, or the path of a file', found: describe(result) },
    site,
  );
}

function argumentsOf(value: Value, collector: Collector): AttrSet {
  const args = new Map(collector.args);
  for (const [name, optional] of (value instanceof Lambda && value.formals) || []) {
    if (!args.has(name) && !optional)
      args.set(
        name,
        Thunk.of(() => force(collector.extraArg(name))),
      );
  }
  return new Attrs(args);
}

function filePath(value: Value): string | undefined {
  if (value instanceof NixPath) return value.path;
  const text = value instanceof NixString ? value.text : value;
  return typeof text === 'string' && text.startsWith('/') ? text : undefined;
}

function keyOf(value: Value): string {
  return value instanceof AttrSet && value.has('key') ? expectString(value.get('key')!) : String(value);
}
