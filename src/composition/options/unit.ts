import { type AttrSet, expectList, type Value } from '../../nix/index.js';
import { nearest } from '../../suggest.js';
import { CompositionError } from '../errors.js';
import type { UnitCommand, UnitSpec } from '../role-spec.js';
import { parseDuration } from '../systemd/duration.js';
import { type ExecContext, parseExecLine } from '../systemd/exec-line.js';
import { expandSpecifiers } from '../systemd/specifiers.js';
import { splitWords } from '../systemd/words.js';
import { atPosition } from './at-position.js';
import { readVariables } from './environment.js';
import type { Reader } from './reader.js';
import { isMeant } from './service-config.js';

const DIRECTORIES: Readonly<Record<string, string>> = {
  RuntimeDirectory: '/run',
  StateDirectory: '/var/lib',
  CacheDirectory: '/var/cache',
  LogsDirectory: '/var/log',
  ConfigurationDirectory: '/etc',
};

const TYPES: Readonly<Record<string, UnitSpec['type']>> = {
  simple: 'simple',
  exec: 'exec',
  oneshot: 'oneshot',
  forking: 'forking',
  notify: 'notify',
  'notify-reload': 'notify',
  idle: 'idle',
};

const RESTARTS = ['no', 'always', 'on-success', 'on-failure', 'on-abnormal', 'on-abort'] as const;

/** For systemd's "infinity": longer than any deployment, and still a number of JSON. */
const FOREVER = 365 * 86_400_000;

/** Options that name units without which this one does not run. */
export const REQUIRING = ['requires', 'requisite', 'bindsTo'];

/** systemd.services.<name> as the unit that a node runs. Directives without effect go to `ignored`, as places. */
export function readUnit(
  key: string,
  set: AttrSet,
  reader: Reader,
  ignored: (place: string) => void,
): UnitSpec {
  const name = /\.service$/.test(key) ? key : `${key}.service`;
  const place = `systemd.services.${key}`;
  const directives = new Directives(reader.set(set, 'serviceConfig'), `${place}.serviceConfig`, reader);
  for (const directive of directives.names()) {
    if (!directives.at(directive, () => isMeant(directive, directives.place))) {
      ignored(`${directives.place}.${directive}`);
    }
  }
  const user = directives.text('User');
  const group = directives.text('Group');
  const environment = {
    ...readVariables(reader.set(set, 'environment'), reader),
    ...directives.at('Environment', () => environmentOf(directives)),
  };
  const context = (directive: string): ExecContext => ({
    name,
    user,
    group,
    environment,
    what: `${directives.place}.${directive}`,
  });
  const commands = (directive: string): UnitCommand[] =>
    directives.at(directive, () =>
      directives.list(directive).flatMap(line => parseExecLine(line, context(directive))),
    );
  const script = (option: string): UnitCommand[] => {
    const text = reader.textAt(set, option);
    return text.trim() === '' ? [] : [{ kind: 'script', text }];
  };
  const start = [...script('script'), ...commands('ExecStart')];
  const type = typeOf(directives, start.length);
  checkStart(place, type, start.length);
  const workingDirectory = directives.at('WorkingDirectory', () =>
    directoryOf(directives, context('WorkingDirectory')),
  );
  return {
    name,
    description: reader.textAt(set, 'description'),
    type,
    remainAfterExit: directives.flag('RemainAfterExit'),
    preStart: [...script('preStart'), ...commands('ExecStartPre')],
    start,
    postStart: [...script('postStart'), ...commands('ExecStartPost')],
    stop: [...script('preStop'), ...commands('ExecStop'), ...script('postStop'), ...commands('ExecStopPost')],
    reload: [...script('reload'), ...commands('ExecReload')],
    environment,
    path: reader.texts(set, 'path').map(folder => `${folder}/bin`),
    ...(workingDirectory !== undefined && { workingDirectory }),
    ...(user !== undefined && { user }),
    ...(group !== undefined && { group }),
    restart: restartOf(directives),
    restartMs: directives.duration('RestartSec', 100),
    ...startLimit(set, reader, place),
    // systemd gives oneshot services all the time they need; 0 means no limit.
    timeoutStartMs: directives.duration(
      'TimeoutStartSec',
      directives.duration('TimeoutSec', type === 'oneshot' ? 0 : 90_000),
    ),
    timeoutStopMs: directives.duration('TimeoutStopSec', directives.duration('TimeoutSec', 90_000)),
    after: reader.texts(set, 'after'),
    requires: REQUIRING.flatMap(option => reader.texts(set, option)),
    wants: ['wants', 'upholds'].flatMap(option => reader.texts(set, option)),
    wantedBy: ['wantedBy', 'requiredBy'].flatMap(option => reader.texts(set, option)),
    directories: Object.entries(DIRECTORIES).flatMap(([directive, parent]) =>
      directives.words(directive).map(folder => `${parent}/${folder.split(':')[0]}`),
    ),
  };
}

/** The directives of a section; values as systemd would read them. */
class Directives {
  constructor(
    private readonly set: AttrSet,
    readonly place: string,
    private readonly reader: Reader,
  ) {}

  names(): readonly string[] {
    return this.set.names();
  }

  /** All lines of a directive; an empty one clears those before it. */
  list(name: string): string[] {
    if (!this.set.has(name)) return [];
    const value: Value = this.reader.value(this.set, name);
    if (value === null) return [];
    const lines = (Array.isArray(value) ? expectList(value) : [value]).map(item => this.reader.word(item));
    return lines.slice(lines.lastIndexOf('') + 1);
  }

  text(name: string): string | undefined {
    return this.list(name).at(-1);
  }

  flag(name: string): boolean {
    return /^(true|yes|on|1)$/.test(this.text(name) ?? '');
  }

  words(name: string): string[] {
    const what = `${this.place}.${name}`;
    return this.at(name, () =>
      this.list(name).flatMap(line => splitWords(line, what).map(({ text }) => text)),
    );
  }

  /** Milliseconds. */
  duration(name: string, fallback: number): number {
    const text = this.text(name);
    if (text === undefined) return fallback;
    return this.at(name, () => Math.min(parseDuration(text, `${this.place}.${name}`), FOREVER));
  }

  /** The value is none of those that there are. */
  wrong(name: string, value: string, known: readonly string[]): never {
    return this.at(name, () => {
      throw new CompositionError({
        asked: `${this.place}.${name} = "${value}" is not there on the flavour local`,
        nearest: nearest(value, known),
        found: `it may be ${known.join(', ')}`,
      });
    });
  }

  /** An error in this work is an error of the directive. */
  at<T>(name: string, work: () => T): T {
    return atPosition(this.set.position(name), work);
  }
}

/** Environment="A=b" "C=d e". */
function environmentOf(directives: Directives): Record<string, string> {
  return Object.fromEntries(
    directives.words('Environment').map(word => {
      const at = word.indexOf('=');
      if (at < 1) {
        throw new CompositionError({
          asked: `${directives.place}.Environment has no NAME=value`,
          found: JSON.stringify(word),
        });
      }
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}

function directoryOf(directives: Directives, context: ExecContext): string | undefined {
  const text = directives.text('WorkingDirectory')?.replace(/^-/, '');
  if (text === undefined || text === '~') return text;
  const segments = expandSpecifiers(text, context, context.what);
  if (segments.every(segment => typeof segment === 'string')) return segments.join('');
  throw new CompositionError({ asked: `${context.what} cannot depend on the node`, found: text });
}

function typeOf(directives: Directives, starts: number): UnitSpec['type'] {
  const text = directives.text('Type');
  // As in systemd: without ExecStart a service can only be a oneshot.
  if (text === undefined) return starts === 0 ? 'oneshot' : 'simple';
  return TYPES[text] ?? directives.wrong('Type', text, Object.keys(TYPES));
}

function checkStart(place: string, type: UnitSpec['type'], starts: number): void {
  if (type === 'oneshot' || starts === 1) return;
  throw new CompositionError({
    asked: `${place} starts ${starts === 0 ? 'nothing' : `${starts} commands at once`}`,
    todo:
      starts === 0
        ? 'give it script or serviceConfig.ExecStart'
        : 'make it serviceConfig.Type = "oneshot", or keep one',
  });
}

function restartOf(directives: Directives): UnitSpec['restart'] {
  const text = directives.text('Restart') ?? 'no';
  return RESTARTS.find(restart => restart === text) ?? directives.wrong('Restart', text, RESTARTS);
}

function startLimit(
  set: AttrSet,
  reader: Reader,
  place: string,
): Pick<UnitSpec, 'startLimitBurst' | 'startLimitIntervalMs'> {
  const unit = new Directives(reader.set(set, 'unitConfig'), `${place}.unitConfig`, reader);
  const seconds = reader.optionalNumber(set, 'startLimitIntervalSec');
  return {
    startLimitBurst:
      reader.optionalNumber(set, 'startLimitBurst') ?? Number(unit.text('StartLimitBurst') ?? 5),
    startLimitIntervalMs:
      seconds === undefined ? unit.duration('StartLimitIntervalSec', 10_000) : seconds * 1000,
  };
}
