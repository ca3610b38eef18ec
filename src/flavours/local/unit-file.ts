import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { UnitCommand, UnitSpec } from '../../composition/role-spec.js';
import { asName, within } from '../../name.js';
import { quote } from '../../process/quote.js';
import { encodeWord } from './tools/entry.js';

/**
 * Writes a unit as files that bash reads (node/supervise.sh), in a folder of its name: `unit`, assignments under systemd's names, and
 * a script for each command.
 *
 * @param more further assignments
 */
export function writeUnit(
  folder: string,
  unit: UnitSpec,
  more: Readonly<Record<string, string | readonly string[]>> = {},
): void {
  const at = within(folder, asName('unit', unit.name));
  mkdirSync(at, { recursive: true });
  for (const { name, command } of commandsOf(unit)) {
    writeFileSync(join(at, name), scriptOf(command));
    chmodSync(join(at, name), 0o755);
  }
  // The last, since it is what says that there is such a unit.
  writeFileSync(join(at, 'unit'), unitFile(unit, more));
}

/** systemd's name of each phase, and the beginning of the names of its scripts. */
export const directives = {
  preStart: 'ExecStartPre',
  start: 'ExecStart',
  postStart: 'ExecStartPost',
  stop: 'ExecStop',
  reload: 'ExecReload',
} as const;
const phaseNames = Object.keys(directives) as Array<keyof typeof directives>;

const fileOf = (phase: keyof typeof directives, index: number): string => `${directives[phase]}.${index}`;

/** The commands of a unit with the names of their scripts. */
export function commandsOf(unit: UnitSpec) {
  return phaseNames.flatMap(phase =>
    unit[phase].map((command, i) => ({ name: fileOf(phase, i), phase, command })),
  );
}

/** NixOS runs `script` and the like with `set -e`. */
function scriptOf(command: UnitCommand): string {
  const text =
    command.kind === 'script' ? `set -e\n${command.text}` : `exec ${command.argv.map(quote).join(' ')}`;
  return `#!/usr/bin/env bash\n${text}\n`;
}

function unitFile(unit: UnitSpec, more: Readonly<Record<string, string | readonly string[]>>): string {
  const seconds = (ms: number): string => String(ms / 1000);
  const words: Record<string, string> = {
    Description: unit.description,
    Type: unit.type,
    RemainAfterExit: unit.remainAfterExit ? 'yes' : 'no',
    Restart: unit.restart,
    RestartSec: seconds(unit.restartMs),
    StartLimitBurst: String(unit.startLimitBurst),
    StartLimitIntervalSec: seconds(unit.startLimitIntervalMs),
    TimeoutStartSec: seconds(unit.timeoutStartMs),
    TimeoutStopSec: seconds(unit.timeoutStopMs),
    WorkingDirectory: unit.workingDirectory ?? '',
    User: unit.user ?? '',
    Group: unit.group ?? '',
  };
  const lists: Record<string, readonly string[]> = {
    After: unit.after,
    Requires: unit.requires,
    Wants: unit.wants,
    WantedBy: unit.wantedBy,
    Directories: unit.directories,
    UnitPath: unit.path,
    Environment: Object.entries(unit.environment).map(([name, value]) => `${name}=${value}`),
  };
  const identifiers = commandsOf(unit).map(
    ({ name, phase, command }) => `[${name}]=${quote(identifierOf(unit, phase, command))}`,
  );
  // A leading `-` is systemd's mark of a command whose failure does not matter.
  for (const phase of phaseNames) {
    lists[directives[phase]] = unit[phase].map((command, i) =>
      command.kind === 'exec' && command.ignoreFailure ? `-${fileOf(phase, i)}` : fileOf(phase, i),
    );
  }
  return [
    ...Object.entries(words).map(([name, value]) => `${name}=${quote(value)}\n`),
    ...Object.entries(lists).map(([name, values]) => `${name}=(${values.map(quote).join(' ')})\n`),
    ...Object.entries(more).map(([name, value]) =>
      typeof value === 'string' ? `${name}=${quote(value)}\n` : `${name}=(${value.map(quote).join(' ')})\n`,
    ),
    `declare -A Identifiers=(${identifiers.join(' ')})\n`,
  ].join('');
}

/** What the journal calls a command: its program, and a script as NixOS names it. */
function identifierOf(unit: UnitSpec, phase: keyof typeof directives, command: UnitCommand): string {
  const script = `${unit.name.replace(/\.service$/, '')}-${scriptNames[phase]}`;
  const name = unit.identifier ?? (command.kind === 'script' ? script : basename(command.argv[0]!));
  return encodeWord(name);
}

const scriptNames: Readonly<Record<keyof typeof directives, string>> = {
  preStart: 'pre-start',
  start: 'start',
  postStart: 'post-start',
  stop: 'pre-stop',
  reload: 'reload',
};
