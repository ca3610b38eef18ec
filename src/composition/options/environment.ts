import { innerPathFault, shownName } from '../../name.js';
import type { AttrSet } from '../../nix/index.js';
import { force } from '../../nix/value.js';
import { quote } from '../../process/quote.js';
import { CompositionError } from '../errors.js';
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
  const files = reader
    .entries(config, 'environment', 'etc')
    .filter(([, file]) => reader.flag(file, 'enable'))
    .map(([name, file]) => ({ key: name, place: placeIn(etc, name, file, reader), file }));
  const places = new Set(files.map(({ place }) => place));
  for (const { key, place } of files)
    reader.attempt(() => atPosition(etc.position(key), () => checkAround(place, places)), undefined);
  const zone = reader.optionalText(config, 'time', 'timeZone');
  return {
    path: [...new Set(reader.texts(config, 'environment', 'systemPackages').map(folder => `${folder}/bin`))],
    etc: {
      ...interactiveShell(config, reader),
      ...Object.fromEntries(files.map(({ place, file }) => [place, readFile(file, reader)])),
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
  const aliases = Object.entries(readWords(reader.set(config, 'environment', 'shellAliases'), reader));
  const text =
    aliases.map(([name, command]) => `alias -- ${quote(name)}=${quote(command)}\n`).join('') +
    reader.textAt(config, 'environment', 'interactiveShellInit');
  return text === '' ? {} : { [SHELL_FILE]: { text, mode: '0644', user: 'root', group: 'root' } };
}

/** Variables of an environment. */
export function readVariables(set: AttrSet, reader: Reader): Record<string, string> {
  for (const name of set.names())
    reader.attempt(() => atPosition(set.position(name), () => checkVariable(name)), undefined);
  return readWords(set, reader);
}

/** Name → value; null leaves one out, lists become PATH-like values. */
function readWords(set: AttrSet, reader: Reader): Record<string, string> {
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

/** What every node has in /etc: files of its own, and a folder. */
const FILES_OF_NODES = ['passwd', 'group', 'shadow', 'hosts', 'profile'];
const FOLDER_OF_NODES = 'nxc';

/** A file is no folder of others. */
function checkAround(place: string, places: ReadonlySet<string>): void {
  const parts = place.split('/');
  const above = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
  const file = above.find(path => places.has(path) || FILES_OF_NODES.includes(path));
  if (file === undefined && place !== FOLDER_OF_NODES) return;
  throw new CompositionError({
    asked: `environment.etc cannot have a file ${shownName(place)}`,
    found: file === undefined ? 'every node has a folder there' : `${shownName(file)} is a file too`,
    todo: 'give it another place',
  });
}

/** Shells write it without quotes. */
function checkVariable(name: string): void {
  if (/^[A-Za-z_]\w*$/.test(name)) return;
  throw new CompositionError({
    asked: `an environment variable cannot be called ${shownName(name)}`,
    todo: 'use letters, digits and _, and no digit at its beginning',
  });
}

/** Path below /etc of one of `environment.etc`. */
function placeIn(etc: AttrSet, name: string, file: AttrSet, reader: Reader): string {
  const target = reader.optionalText(file, 'target') ?? name;
  const fault = innerPathFault(target);
  if (fault === undefined) return target;
  const refuse = (): string => {
    throw new CompositionError({
      asked: `environment.etc cannot have a file ${shownName(target)}`,
      found: `it is not a path within /etc: ${fault}`,
      todo: 'write it relative to /etc, such as "app/settings.json"',
    });
  };
  return reader.attempt(() => atPosition(etc.position(name), refuse), name);
}

function readFile(file: AttrSet, reader: Reader): EtcFile {
  const owner = (id: number | undefined, name: string): string => (id === undefined ? name : String(id));
  return {
    ...(reader.value(file, 'text') === null
      ? { source: reader.readablePath(file, 'source') }
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
