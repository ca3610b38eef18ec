import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { UnitSpec } from '../../../composition/role-spec.js';
import { parseTimeSpan } from '../../../composition/systemd/time-span.js';
import { splitWords } from '../../../composition/systemd/words.js';
import { writeUnit } from '../unit-file.js';
import { unitFragment } from '../unit-fragment.js';
import { commandLine } from './command-line.js';
import { getopt, type Spec, UsageError } from './getopt.js';
import { parseBoolean } from './journal-options.js';
import { type Node, say } from './node.js';
import { Refusal } from './refusal.js';

const [nothing, word] = [{ takes: 'nothing' }, { takes: 'word' }] as const;

const specs: Readonly<Record<string, Spec>> = {
  help: { ...nothing, letter: 'h' },
  version: nothing,
  unit: { ...word, letter: 'u' },
  property: { ...word, letter: 'p' },
  description: word,
  'no-block': nothing,
  'remain-after-exit': { ...nothing, letter: 'r' },
  wait: nothing,
  'service-type': word,
  uid: word,
  gid: word,
  'working-directory': word,
  'same-dir': { ...nothing, letter: 'd' },
  setenv: { ...word, letter: 'E' },
  pipe: { ...nothing, letter: 'P' },
  quiet: { ...nothing, letter: 'q' },
  collect: { ...nothing, letter: 'G' },
  'no-ask-password': nothing,
  system: nothing,
};

const refused: Readonly<Record<string, readonly [Spec, string?]>> = {
  user: [nothing, 'run it without --user'],
  host: [{ ...word, letter: 'H' }, 'run it on that node'],
  machine: [{ ...word, letter: 'M' }, 'run it on that node'],
  scope: [nothing, 'run it as a service, or without systemd-run'],
  slice: [word],
  'slice-inherit': [nothing],
  'send-sighup': [nothing],
  nice: [word, 'run `nice COMMAND`'],
  pty: [{ ...nothing, letter: 't' }, 'use --pipe'],
  shell: [{ ...nothing, letter: 'S' }, 'use `nxc connect`'],
  ...Object.fromEntries(
    [
      'on-active',
      'on-boot',
      'on-startup',
      'on-unit-active',
      'on-unit-inactive',
      'on-calendar',
      'timer-property',
      'path-property',
      'socket-property',
    ].map(name => [name, [word, 'sleep in the command: systemd-run bash -c "sleep 5; COMMAND"']]),
  ),
  'on-timezone-change': [nothing],
  'on-clock-change': [nothing],
};

const known = {
  ...specs,
  ...Object.fromEntries(Object.entries(refused).map(([name, [spec]]) => [name, spec])),
};

/** systemd-run(1): a unit of this node that lives until it has ended. */
export async function systemdRun(argv: readonly string[], node: Node): Promise<number> {
  const { options, words } = getopt(argv, known, { first: true });
  const has = (name: string) => options.some(option => option.name === name);
  for (const { name } of options) {
    const no = refused[name];
    if (no) throw new Refusal(`systemd-run --${name}`, ...(no[1] === undefined ? [] : [no[1]]));
  }
  if (has('help'))
    return say(
      `systemd-run [OPTIONS...] COMMAND [ARGUMENTS...]\n\nOf systemd's options a node of flavour local has:\n${Object.keys(
        specs,
      )
        .map(name => `  --${name}\n`)
        .join('')}`,
    );
  if (has('version')) return say('systemd-run of a node of flavour local (nxc)\n');
  if (words.length === 0) throw new UsageError('Command line to execute required.');
  if (has('wait') && has('no-block')) throw new UsageError('--wait may not be combined with --no-block.');
  if (has('pipe') && has('no-block')) throw new UsageError('--pty/--pipe is not compatible with --no-block.');
  const unit = readSpec(options, words);
  if (existsSync(join(node.etc, 'units', unit.name)) || existsSync(join(node.run, 'transient', unit.name)))
    throw new UsageError(
      `Failed to start transient service unit: Unit ${unit.name} was already loaded or has a fragment file.`,
    );
  try {
    mkdirSync(join(node.run, 'transient'), { recursive: true });
    mkdirSync(join(node.run, 'units', unit.name), { recursive: true });
    rmSync(join(node.run, 'units', unit.name, 'state'), { force: true });
    writeUnit(join(node.run, 'transient'), unit, {
      Transient: has('collect') ? 'collect' : 'yes',
      Streams: has('pipe') ? String(process.pid) : '',
    });
    writeFileSync(
      join(node.run, 'transient', unit.name, unit.name),
      unitFragment(unit, join(node.run, 'transient', unit.name)),
    );
    request(node, unit.name);
  } catch (error) {
    throw new UsageError(
      `Failed to start transient service unit: ${(error as NodeJS.ErrnoException).code === 'EACCES' ? 'Access denied' : (error as Error).message}`,
    );
  }
  const named = () => has('quiet') || process.stderr.write(`Running as unit: ${unit.name}\n`);
  if (has('no-block')) {
    named();
    return 0;
  }
  // One that ended at once is gone by now.
  const state = await stateWhen(node, unit.name, ({ ActiveState }) => ActiveState !== 'activating');
  if (state.ActiveState === 'failed' && unit.type === 'oneshot') {
    process.stderr.write(
      `Job for ${unit.name} failed because the control process exited with error code.\nSee "systemctl status ${unit.name}" and "journalctl -xeu ${unit.name}" for details.\n`,
    );
    return 1;
  }
  named();
  if (!has('wait') && !has('pipe')) return 0;
  const end = await stateWhen(
    node,
    unit.name,
    ({ ActiveState }) => ActiveState === 'inactive' || ActiveState === 'failed',
  );
  if (has('wait') && !has('quiet')) process.stderr.write(`Finished with result: ${end.Result}\n`);
  const status = Number(end.ExecMainStatus ?? 0);
  return end.Result === 'success'
    ? 0
    : end.Result === 'exit-code'
      ? status
      : end.Result === 'signal'
        ? 128 + status
        : 1;
}

function readSpec(
  options: ReadonlyArray<{ name: string; value?: string }>,
  words: readonly string[],
): UnitSpec {
  const values = (name: string) =>
    options.filter(option => option.name === name).map(({ value = '' }) => value);
  const last = (name: string) => values(name).at(-1);
  const has = (name: string) => options.some(option => option.name === name);
  const given = last('unit') ?? `run-u${process.pid}${Math.floor(performance.now())}`;
  const name = /\.service$/.test(given) ? given : `${given}.service`;
  if (!/^[\w:.@-]+\.service$/.test(name)) throw new UsageError(`Failed to mangle unit name: ${given}`);
  const environment = Object.fromEntries(
    values('setenv').map(pair => {
      const at = pair.indexOf('=');
      return at === -1 ? [pair, process.env[pair] ?? ''] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
  const unit: UnitSpec = {
    name,
    description: '',
    type: 'simple',
    remainAfterExit: has('remain-after-exit'),
    preStart: [],
    start: [],
    postStart: [],
    stop: [],
    reload: [],
    environment,
    path: [],
    user: last('uid'),
    group: last('gid'),
    workingDirectory: has('same-dir') ? process.cwd() : last('working-directory'),
    restart: 'no',
    restartMs: 100,
    startLimitBurst: 5,
    startLimitIntervalMs: 10_000,
    timeoutStartMs: 90_000,
    timeoutStopMs: 90_000,
    after: [],
    requires: [],
    wants: [],
    wantedBy: [],
    directories: [],
  };
  const type = last('service-type');
  for (const property of [...(type === undefined ? [] : [`Type=${type}`]), ...values('property')])
    setProperty(unit, property);
  if (unit.type === 'oneshot' && !values('property').some(text => text.startsWith('TimeoutStartSec=')))
    unit.timeoutStartMs = 0;
  const argv = commandLine(words, { ...inherited(), ...unit.environment });
  unit.start.push({ kind: 'exec', argv: [...argv], ignoreFailure: false });
  unit.description = last('description') ?? (unit.description || argv.join(' '));
  return unit;
}

/** Variables that every unit of a node has. */
const inherited = (): Record<string, string> =>
  Object.fromEntries(
    ['PATH', 'LANG', 'HOME', 'USER', 'LOGNAME', 'SHELL'].map(name => [name, process.env[name] ?? '']),
  );

const span = (value: string, name: string): number => {
  const time = parseTimeSpan(value, name);
  return Number.isFinite(time) ? time : 0;
};

const properties: Readonly<Record<string, (unit: UnitSpec, value: string) => void>> = {
  Type: (unit, value) => {
    if (!/^(simple|exec|oneshot|forking)$/.test(value))
      throw new Refusal(
        `services of Type=${value} that systemd-run makes`,
        'use simple, exec, oneshot or forking',
      );
    unit.type = value as UnitSpec['type'];
  },
  Description: (unit, value) => {
    unit.description = value;
  },
  User: (unit, value) => {
    unit.user = value;
  },
  Group: (unit, value) => {
    unit.group = value;
  },
  WorkingDirectory: (unit, value) => {
    unit.workingDirectory = value;
  },
  Environment: (unit, value) => {
    for (const { text } of splitWords(value, 'Environment'))
      unit.environment[text.split('=', 1)[0]!] = text.slice(text.indexOf('=') + 1);
  },
  SyslogIdentifier: (unit, value) => {
    unit.identifier = value;
  },
  Restart: (unit, value) => {
    if (!/^(no|always|on-success|on-failure|on-abnormal|on-abort)$/.test(value))
      throw new UsageError(`Invalid value of Restart=: ${value}`);
    unit.restart = value as UnitSpec['restart'];
  },
  RestartSec: (unit, value) => {
    unit.restartMs = span(value, 'RestartSec');
  },
  TimeoutStartSec: (unit, value) => {
    unit.timeoutStartMs = span(value, 'TimeoutStartSec');
  },
  TimeoutStopSec: (unit, value) => {
    unit.timeoutStopMs = span(value, 'TimeoutStopSec');
  },
  RemainAfterExit: (unit, value) => {
    unit.remainAfterExit = parseBoolean(value, 'RemainAfterExit=');
  },
  RuntimeDirectory: (unit, value) => {
    unit.directories.push(...value.split(' ').map(name => `/run/${name}`));
  },
  StateDirectory: (unit, value) => {
    unit.directories.push(...value.split(' ').map(name => `/var/lib/${name}`));
  },
};

function setProperty(unit: UnitSpec, text: string): void {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`Not an assignment: ${text}`);
  const name = text.slice(0, at);
  const set = Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (!set) throw new Refusal(`the property ${name} of transient units`, 'write the unit in the composition');
  set(unit, text.slice(at + 1));
}

/** As systemctl does: a line in the FIFO that init reads. Nobody waits for a node that is off. */
function request({ run }: Node, unit: string): void {
  const fd = openSync(join(run, 'control'), constants.O_WRONLY | constants.O_NONBLOCK);
  writeSync(fd, `unit start ${unit}\n`);
  closeSync(fd);
}

/** The words of the unit's state (node/supervise.sh) as soon as they are what is waited for. */
async function stateWhen(
  { run }: Node,
  unit: string,
  isReached: (state: Record<string, string>) => boolean,
): Promise<Record<string, string>> {
  for (;;) {
    const state = stateOf(join(run, 'units', unit, 'state'));
    if (state.ActiveState !== undefined && isReached(state)) return state;
    await sleep(10);
  }
}

function stateOf(path: string): Record<string, string> {
  try {
    return Object.fromEntries(
      readFileSync(path, 'utf8')
        .trim()
        .split(' ')
        .map(pair => pair.split('=') as [string, string]),
    );
  } catch {
    return {};
  }
}
