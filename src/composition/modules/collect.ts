import { AttrSet, Attrs } from '../../nix/attrs.js';
import { describe } from '../../nix/describe.js';
import { NixError } from '../../nix/error.js';
import { expectAttrs, expectList, expectString } from '../../nix/expect.js';
import { itemPosition } from '../../nix/item-positions.js';
import type { Position } from '../../nix/source.js';
import { NixString } from '../../nix/text.js';
import { force, type Lazy, NixPath, Thunk, type Value } from '../../nix/value.js';
import { type Definition, definition, markOf } from './definition.js';
import { located } from './merge.js';
import { formalsOf, isFunction } from './scalar-types.js';
import type { Modules } from './type.js';

/** The `options` of a module. */
export interface Declarations {
  set: AttrSet;
  /** The module's, where it is known. */
  file: string | undefined;
}

/** What modules say, put side by side. */
export interface Collected {
  definitions: Definition[];
  /** Their `options`. */
  declarations: Declarations[];
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
  /** The `_class` that modules may have. */
  class?: string;
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
export function collectModules(roots: readonly Root[], collector: Collector): Collected {
  const found: Found[] = [];
  const seen = new Set<string>();
  const disabled = new Set<string>();
  const waiting: Waiting[] = [...roots];
  const visit = ({ lazy, site, file: outer }: Waiting): void => {
    const path = filePath(force(lazy));
    if (path !== undefined && seen.has(path)) return;
    if (path !== undefined) seen.add(path);
    const value = path === undefined ? force(lazy) : located(site, () => collector.import(path));
    const module = toSet(value, collector, site);
    const key = module.has('key') ? textOf(module.get('key')!) : path;
    if (key !== path && key !== undefined) {
      if (seen.has(key)) return;
      seen.add(key);
    }
    checkClass(module, collector, site);
    const file = module.has('_file') ? textOf(module.get('_file')!) : (path ?? outer);
    const place = (name: string) => module.position(name) ?? site;
    for (const name of ['require', 'imports']) {
      if (!module.has(name)) continue;
      const list = expectList(module.get(name)!, place(name));
      list.forEach((lazy, index) => {
        waiting.push({ lazy, file, site: itemPosition(list, index) ?? place(name) });
      });
    }
    if (module.has('disabledModules')) {
      const list = expectList(module.get('disabledModules')!, place('disabledModules'));
      for (const item of list) disabled.add(keyOf(force(item), collector));
    }
    found.push({ key, module, file, definitions: () => configOf(module).map(one => ({ ...one, file })) });
  };
  // Level by level: the list grows while it is walked.
  let complete = true;
  for (const root of waiting) {
    const read = collector.attempt(() => {
      if (root.plain) found.push({ definitions: () => [root.plain!] });
      else located(root.site, () => visit(root));
      return true;
    }, false);
    complete &&= read;
  }
  const modules = found.reverse().filter(({ key }) => key === undefined || !disabled.has(key));
  return {
    definitions: modules.flatMap(({ definitions }) => definitions()),
    declarations: modules.flatMap(({ module, file }) =>
      module?.has('options')
        ? [{ file, set: expectAttrs(module.get('options')!, module.position('options')) }]
        : [],
    ),
    complete,
  };
}

/** A module to begin with, or plain configuration in the place of one. */
export type Root = Waiting;

interface Waiting {
  lazy: Lazy;
  plain?: Definition;
  /** Where it is imported. */
  site?: Position;
  /** The file that its definitions are said to be in, where a module around it says so. */
  file?: string;
}

interface Found {
  key?: string;
  module?: AttrSet;
  file?: string;
  definitions(): Definition[];
}

function checkClass(module: AttrSet, { class: wanted }: Collector, site: Position | undefined): void {
  const own = module.get('_class');
  if (wanted === undefined || own === undefined || force(own) === null) return;
  const found = expectString(own);
  if (found === wanted) return;
  throw new NixError(
    'throw',
    {
      asked: `a module of the class "${found}" is imported where modules of the class "${wanted}" stand`,
      todo: 'import another module, or correct its _class',
    },
    module.position('_class') ?? site,
  );
}

function configOf(module: AttrSet): Definition[] {
  const freeform = module.get('freeformType');
  const type =
    freeform === undefined
      ? []
      : [
          definition(
            Attrs.from({ _module: Attrs.from({ freeformType: freeform }) }),
            module.position('freeformType'),
          ),
        ];
  if (!module.has('config') && !module.has('options')) {
    const about = ABOUT.filter(name => name !== 'meta');
    return [definition(only(module, name => !about.includes(name))), ...type];
  }
  const stray = module.names().find(name => !ABOUT.includes(name) || name === 'require');
  if (stray !== undefined) {
    throw new NixError(
      'throw',
      {
        asked: `a module with config or options cannot have "${stray}" beside them`,
        todo: `write config.${stray} = …`,
      },
      module.position(stray),
    );
  }
  const config = module.has('config') ? [definition(module.get('config')!, module.position('config'))] : [];
  const meta = module.has('meta') ? [definition(only(module, name => name === 'meta'))] : [];
  return [...config, ...meta, ...type];
}

/** Some of the attributes, where they are. */
function only(module: AttrSet, wanted: (name: string) => boolean): Attrs {
  const names = module.names().filter(wanted);
  const positions = names.flatMap(name => {
    const position = module.position(name);
    return position ? [[name, position] as const] : [];
  });
  return new Attrs(new Map(names.map(name => [name, module.get(name)!])), new Map(positions));
}

function toSet(value: Value, collector: Collector, site: Position | undefined): AttrSet {
  const result = isFunction(value) ? collector.call(value, argumentsOf(value, collector)) : value;
  if (result instanceof AttrSet) {
    const mark = result.has('imports') ? undefined : markOf(result);
    if (mark === undefined || mark === 'module') return result;
    // A module may be a mark: lib.mkIf condition { … }
    if (MARKS.includes(mark)) return Attrs.from({ config: result });
    throw new NixError(
      'throw',
      { asked: 'a module is expected', found: `a set of the type "${mark}"` },
      site,
    );
  }
  throw new NixError(
    'throw',
    { asked: 'a module is a set, a function that gives one, or the path of a file', found: describe(result) },
    site,
  );
}

const MARKS = ['if', 'merge', 'override', 'order', 'definition'];

/** As NixOS has it, arguments that nobody gives come from `_module.args`, whether the function has a default for them or not. */
function argumentsOf(value: Value, collector: Collector): AttrSet {
  const args = new Map(collector.args);
  for (const [name] of formalsOf(value)) {
    if (!args.has(name))
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

function keyOf(value: Value, { args }: Collector): string {
  if (value instanceof AttrSet) return textOf(value.get('key') ?? value.get('outPath') ?? '');
  const text = textOf(value);
  return text.startsWith('/') ? text : `${textOf(args.get('modulesPath') ?? '')}/${text}`;
}

/** A path or string as text. */
function textOf(lazy: Lazy): string {
  const value = force(lazy);
  return value instanceof NixPath ? value.path : expectString(value);
}
