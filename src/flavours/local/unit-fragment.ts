import type { UnitCommand, UnitSpec } from '../../composition/role-spec.js';
import { commandsOf, directives } from './unit-file.js';

/**
 * A unit as the file that NixOS would make of it (systemd.unit(5)), for whoever reads it: what runs is what unit-file.ts writes.
 * Settings with systemd's own value are left out.
 *
 * @param scripts the folder with the unit's scripts, as the node sees it
 */
export function unitFragment(unit: UnitSpec, scripts: string): string {
  const oneshot = unit.type === 'oneshot';
  const about = {
    Description: [unit.description],
    After: listed(unit.after),
    Requires: listed(unit.requires),
    Wants: listed(unit.wants),
    StartLimitBurst: unlessDefault(unit.startLimitBurst, 5, String),
    StartLimitIntervalSec: unlessDefault(unit.startLimitIntervalMs, 10_000, span),
  };
  const service = {
    ...Object.fromEntries(Object.values(directives).map(name => [name, commandLines(unit, name, scripts)])),
    ...Object.fromEntries(Object.entries(folders).map(([name, parent]) => [name, inFolder(unit, parent)])),
    DynamicUser: unit.dynamicUser ? ['true'] : [],
    Environment: Object.entries(unit.environment).map(([name, value]) => inQuotes(`${name}=${value}`)),
    Group: maybe(unit.group),
    RemainAfterExit: unit.remainAfterExit ? ['true'] : [],
    Restart: unlessDefault(unit.restart, 'no', String),
    RestartSec: unlessDefault(unit.restartMs, 100, span),
    SyslogIdentifier: maybe(unit.identifier),
    TimeoutStartSec: unlessDefault(unit.timeoutStartMs, oneshot ? 0 : 90_000, limit),
    TimeoutStopSec: unlessDefault(unit.timeoutStopMs, 90_000, limit),
    Type: unlessDefault(unit.type, 'simple', String),
    User: maybe(unit.user),
    WorkingDirectory: maybe(unit.workingDirectory),
  };
  return [
    section('Unit', about),
    unit.path.length === 0 ? '' : `# PATH begins with ${unit.path.map(shown).join(':')}\n`,
    section('Service', service),
    section('Install', { WantedBy: listed(unit.wantedBy) }),
  ]
    .filter(Boolean)
    .join('\n');
}

const folders = {
  RuntimeDirectory: '/run/',
  StateDirectory: '/var/lib/',
  CacheDirectory: '/var/cache/',
  LogsDirectory: '/var/log/',
};

/** Empty without settings. */
function section(name: string, settings: Readonly<Record<string, readonly string[]>>): string {
  const lines = Object.entries(settings)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, values]) => values.map(value => `${key}=${value}\n`));
  return lines.length === 0 ? '' : `[${name}]\n${lines.join('')}`;
}

function commandLines(unit: UnitSpec, directive: string, scripts: string): string[] {
  return commandsOf(unit)
    .filter(({ phase }) => directives[phase] === directive)
    .map(({ name, command }) => commandLine(command, `${scripts}/${name}`));
}

function commandLine(command: UnitCommand, script: string): string {
  if (command.kind === 'script') return quoted(script);
  return `${command.ignoreFailure ? '-' : ''}${command.argv.map(word => quoted(word)).join(' ')}`;
}

const inFolder = (unit: UnitSpec, parent: string): string[] =>
  listed(
    unit.directories.filter(path => path.startsWith(parent)).map(path => quoted(path.slice(parent.length))),
  );

const listed = (words: readonly string[]): string[] => (words.length === 0 ? [] : [words.join(' ')]);
const maybe = (value: string | undefined): string[] => (value === undefined ? [] : [shown(value)]);
const unlessDefault = <T>(value: T, usual: T, text: (value: T) => string): string[] =>
  value === usual ? [] : [text(value)];

const span = (ms: number): string => (ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`);
const limit = (ms: number): string => (ms === 0 ? 'infinity' : span(ms));

/** `%` begins a specifier; characters that end lines or draw over them are escapes. */
const shown = (text: string): string =>
  text
    .replaceAll('%', '%%')
    .replace(/[\x00-\x1f\x7f]/g, character => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);

const inQuotes = (text: string): string => `"${shown(text.replace(/[\\"]/g, '\\$&'))}"`;

/** One word of a command, in which `$` begins a variable; in quotes where systemd would read it otherwise. */
function quoted(word: string): string {
  const text = word.replaceAll('$', '$$$$');
  return /^[\w@%+=:,./$-]+$/.test(text) ? shown(text) : inQuotes(text);
}
