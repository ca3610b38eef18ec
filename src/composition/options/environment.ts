import type { AttrSet } from '../../nix/index.js';
import { force } from '../../nix/value.js';
import { quote } from '../../process/quote.js';
import { CompositionError } from '../errors.js';
import { isInnerPath } from '../inner-path.js';
import { attrsOf, listOf, nullOr, oneOf } from '../modules/composite-types.js';
import { Option, type Options } from '../modules/option.js';
import { bool, int, lines, packageType, path, str } from '../modules/scalar-types.js';
import { submodule } from '../modules/submodule-type.js';
import type { OptionType } from '../modules/type.js';
import { type EtcFile, type RoleSpec, SHELL_FILE } from '../role-spec.js';
import { atPosition } from './at-position.js';
import type { Reader } from './reader.js';

/** A package that has to be here: looked for while the definition's place is still known. */
export const installed: OptionType = {
  ...packageType,
  merge: (place, definitions, modules) => {
    const merged = packageType.merge(place, definitions, modules);
    const value = force(merged);
    if (typeof value === 'object' && value !== null && 'has' in value && value.has('outPath'))
      force(value.get('outPath')!);
    return value;
  },
};

const scalar = oneOf([str, int, path]);
const variables = new Option(attrsOf(nullOr(oneOf([listOf(scalar), str, path, int, bool]))));

const etcFile: Options = {
  enable: new Option(bool, { default: true }),
  text: new Option(nullOr(lines), { default: null }),
  source: new Option(nullOr(path), { default: null }),
  target: new Option(nullOr(str), { default: null }),
  mode: new Option(str, { default: 'symlink' }),
  user: new Option(str, { default: 'root' }),
  group: new Option(str, { default: 'root' }),
  uid: new Option(nullOr(int), { default: null }),
  gid: new Option(nullOr(int), { default: null }),
};

/** environment.*: what every program on the node finds. */
export const environment: Options = {
  environment: {
    systemPackages: new Option(listOf(installed)),
    etc: new Option(attrsOf(submodule(etcFile))),
    variables,
    sessionVariables: variables,
    shellAliases: new Option(attrsOf(nullOr(oneOf([str, path])))),
    interactiveShellInit: new Option(lines, { default: '' }),
  },
  time: { timeZone: new Option(nullOr(str), { default: null }) },
};

export function readEnvironment(
  config: AttrSet,
  reader: Reader,
): Pick<RoleSpec, 'path' | 'etc' | 'variables'> {
  const etc = reader.set(config, 'environment', 'etc');
  const zone = reader.optionalText(config, 'time', 'timeZone');
  return {
    path: [...new Set(reader.texts(config, 'environment', 'systemPackages').map(folder => `${folder}/bin`))],
    etc: {
      ...interactiveShell(config, reader),
      ...Object.fromEntries(
        reader
          .entries(config, 'environment', 'etc')
          .filter(([, file]) => reader.flag(file, 'enable'))
          .map(([name, file]) => [placeIn(etc, name, file, reader), readFile(file, reader)]),
      ),
    },
    variables: {
      ...(zone === undefined ? {} : { TZ: zone }),
      ...readVariables(reader.set(config, 'environment', 'sessionVariables'), reader),
      ...readVariables(reader.set(config, 'environment', 'variables'), reader),
    },
  };
}

/** What a shell that a person uses begins with, as a file that the flavour has it read; programs' shells do not. */
function interactiveShell(config: AttrSet, reader: Reader): RoleSpec['etc'] {
  const aliases = Object.entries(readVariables(reader.set(config, 'environment', 'shellAliases'), reader));
  const text =
    aliases.map(([name, command]) => `alias -- ${quote(name)}=${quote(command)}\n`).join('') +
    reader.textAt(config, 'environment', 'interactiveShellInit');
  return text === '' ? {} : { [SHELL_FILE]: { text, mode: '0644', user: 'root', group: 'root' } };
}

/** Name → value; null leaves one out, lists become PATH-like values. */
export function readVariables(set: AttrSet, reader: Reader): Record<string, string> {
  const entries: Array<[string, string]> = [];
  for (const [name, lazy] of set) {
    const value = reader.attempt(() => force(lazy), null);
    if (value === null) continue;
    entries.push([
      name,
      Array.isArray(value) ? value.map(item => reader.word(item)).join(':') : reader.word(value),
    ]);
  }
  return Object.fromEntries(entries);
}

/** Path below /etc of one of `environment.etc`. */
function placeIn(etc: AttrSet, name: string, file: AttrSet, reader: Reader): string {
  const target = reader.optionalText(file, 'target') ?? name;
  if (isInnerPath(target)) return target;
  const refuse = (): string => {
    throw new CompositionError({
      asked: `environment.etc cannot have a file "${target}"`,
      found: 'it is not a path within /etc',
      todo: 'write it relative to /etc, such as "app/settings.json"',
    });
  };
  return reader.attempt(() => atPosition(etc.position(name), refuse), name);
}

function readFile(file: AttrSet, reader: Reader): EtcFile {
  const owner = (id: number | undefined, name: string): string => (id === undefined ? name : String(id));
  return {
    ...(reader.value(file, 'text') === null
      ? { source: reader.optionalText(file, 'source') }
      : { text: reader.textAt(file, 'text') }),
    mode: modeOf(file, reader),
    user: owner(reader.optionalNumber(file, 'uid'), reader.textAt(file, 'user')),
    group: owner(reader.optionalNumber(file, 'gid'), reader.textAt(file, 'group')),
  };
}

function modeOf(file: AttrSet, reader: Reader): string {
  const mode = reader.textAt(file, 'mode');
  // NixOS links into the store, where everybody may read.
  if (/^(direct-)?symlink$/.test(mode)) return '0644';
  if (/^0?[0-7]{3,4}$/.test(mode)) return mode;
  const refuse = (): never => {
    throw new CompositionError({
      asked: `${JSON.stringify(mode)} is no mode of a file`,
      todo: 'write it in octal, such as "0644"; or symlink or direct-symlink',
    });
  };
  return reader.attempt(() => atPosition(file.position('mode'), refuse), '0644');
}
