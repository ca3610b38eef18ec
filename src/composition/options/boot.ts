import { innerPathFault, shownName } from '../../name.js';
import { type AttrSet, expectAttrs, expectList } from '../../nix/index.js';
import { CompositionError } from '../errors.js';
import { anything, attrsOf, listOf, oneOf } from '../modules/composite-types.js';
import { Option, type Options } from '../modules/option.js';
import { bool, lines, str } from '../modules/scalar-types.js';
import { submodule } from '../modules/submodule-type.js';
import type { RoleSpec } from '../role-spec.js';
import { atPosition } from './at-position.js';
import { inOrder } from './in-order.js';
import type { Reader } from './reader.js';
import { tmpfileCommand } from './tmpfiles.js';
import { nxcUsers } from './users.js';

const script: Options = {
  text: new Option(lines, { default: '' }),
  deps: new Option(listOf(str)),
  supportsDryActivation: new Option(bool, { default: false }),
};

const sharedDir: Options = {
  export: new Option(bool, { default: false }),
  server: new Option(str, { default: '' }),
};

/** What happens on a node before its services, nxc's own options, and checks that modules make. */
export const boot: Options = {
  system: { activationScripts: new Option(attrsOf(oneOf([str, submodule(script)]))) },
  nxc: {
    users: nxcUsers,
    sharedDirs: new Option(attrsOf(submodule(sharedDir))),
    postBootCommands: new Option(lines, { default: '' }),
  },
  assertions: new Option(listOf(anything)),
  warnings: new Option(listOf(str)),
};

export function readBoot(config: AttrSet, reader: Reader): Pick<RoleSpec, 'bootCommands' | 'sharedDirs'> {
  const rules = reader
    .texts(config, 'systemd', 'tmpfiles', 'rules')
    .map(rule => reader.attempt(() => tmpfileCommand(rule), ''))
    .filter(Boolean);
  const parts = [
    ...rules,
    ...activationScripts(config, reader),
    reader.textAt(config, 'nxc', 'postBootCommands'),
  ];
  return {
    bootCommands: parts
      .filter(Boolean)
      .map(part => (part.endsWith('\n') ? part : `${part}\n`))
      .join(''),
    sharedDirs: sharedDirs(config, reader),
  };
}

/** Absolute paths on the nodes. */
function sharedDirs(config: AttrSet, reader: Reader): string[] {
  const all = reader.set(config, 'nxc', 'sharedDirs');
  const checked = (path: string): string[] => {
    const fault = path.startsWith('/') ? innerPathFault(path.slice(1)) : 'it is not absolute';
    if (fault === undefined) return [path];
    throw new CompositionError({
      asked: `nxc.sharedDirs cannot have ${shownName(path)}`,
      found: fault,
      todo: 'write where the nodes see it, such as "/srv/data"',
    });
  };
  return all
    .names()
    .flatMap(path => reader.attempt(() => atPosition(all.position(path), () => checked(path)), []));
}

/** In the order of their `deps`; NixOS's own scripts, which people name there, are not ours to wait for. */
function activationScripts(config: AttrSet, reader: Reader): string[] {
  const all = reader.set(config, 'system', 'activationScripts');
  const scripts = all.names().map(name => {
    const value = reader.value(all, name);
    const plain =
      typeof value === 'string' || !(typeof value === 'object' && value !== null && 'names' in value);
    return {
      name,
      text: plain ? reader.text(value) : reader.textAt(value, 'text'),
      after: plain ? [] : reader.texts(value, 'deps'),
      before: [],
      requires: [],
      wants: [],
    };
  });
  const ordered = () => inOrder(scripts, ({ name }) => all.position(name));
  return reader.attempt(ordered, []).map(({ text }) => text);
}

/** `assertions` that do not hold are errors, each its own; `warnings` come back. */
export function readChecks(config: AttrSet, reader: Reader): string[] {
  const broken = (item: AttrSet): void => {
    if (reader.value(item, 'assertion') === true) return;
    const asked = reader.textAt(item, 'message');
    const refuse = (): never => {
      throw new CompositionError({ asked, todo: 'this is an assertion of the composition itself' });
    };
    reader.attempt(() => atPosition(item.position('assertion'), refuse), undefined);
  };
  for (const item of expectList(reader.value(config, 'assertions') ?? [])) {
    reader.attempt(() => broken(expectAttrs(item)), undefined);
  }
  return reader.texts(config, 'warnings');
}
