import { createHash } from 'node:crypto';
import { asName, innerPathFault, shownName } from '../../name.js';
import type { AttrSet } from '../../nix/index.js';
import { checkedName } from '../checked-name.js';
import { CompositionError } from '../errors.js';
import type { UnitCommand, UnitSpec } from '../role-spec.js';
import { type ExecContext, parseExecLine } from '../systemd/exec-line.js';
import { expandSpecifiers } from '../systemd/specifiers.js';
import { Directives } from './directives.js';
import { readVariables } from './environment.js';
import type { Reader } from './reader.js';
import { isMeant } from './service-config.js';
import { readUnitConfig } from './unit-config.js';

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

/** Options that say something of a unit that does not happen here. */
const WITHOUT_EFFECT = ['scriptArgs', 'partOf', 'conflicts', 'onFailure', 'onSuccess'];

/** Options that name units without which this one does not run. */
export const REQUIRING = ['requires', 'requisite', 'bindsTo'];

/** systemd.services.<name> as the unit that a node runs. Directives without effect go to `ignored`, as places. */
export function readUnit(
  key: string,
  set: AttrSet,
  reader: Reader,
  ignored: (place: string) => void,
): UnitSpec {
  const name = asName('unit', /\.service$/.test(key) ? key : `${key}.service`, CompositionError);
  const place = `systemd.services.${key}`;
  const { failures } = reader;
  const directives = new Directives(reader.set(set, 'serviceConfig'), `${place}.serviceConfig`, reader);
  for (const directive of directives.names()) {
    if (!directives.at(directive, () => isMeant(directive, directives.place), true)) {
      ignored(`${directives.place}.${directive}`);
    }
  }
  for (const option of WITHOUT_EFFECT) {
    const value = reader.value(set, option);
    if (Array.isArray(value) ? value.length : value !== '') ignored(`${place}.${option}`);
  }
  const dynamic = directives.flag('DynamicUser');
  const user = accountIn('User', 'user', directives) ?? (dynamic ? dynamicUser(name) : undefined);
  const group = accountIn('Group', 'group', directives);
  const environment = {
    ...readVariables(reader.set(set, 'environment'), reader),
    ...directives.at('Environment', () => environmentOf(directives), {}),
  };
  const context = (directive: string): ExecContext => ({
    name,
    user,
    group,
    environment,
    what: `${directives.place}.${directive}`,
  });
  const commands = (directive: string): UnitCommand[] =>
    directives.at(
      directive,
      () => directives.list(directive).flatMap(line => parseExecLine(line, context(directive))),
      [],
    );
  const script = (option: string): UnitCommand[] => {
    const text = reader.textAt(set, option);
    return text.trim() === '' ? [] : [{ kind: 'script', text }];
  };
  const start = [...script('script'), ...commands('ExecStart')];
  const stop = [...script('preStop'), ...commands('ExecStop')];
  const remainAfterExit = directives.flag('RemainAfterExit');
  const type = typeOf(directives, start.length);
  // What could not be read may have been the command that seems to be missing.
  if (reader.failures === failures) checkStart(place, type, start.length);
  // No error: elsewhere it may change a service that NixOS itself defines. What only stops must remain until then.
  if (start.length === 0 && !(remainAfterExit && stop.length > 0))
    ignored(`${place} (without script and ExecStart: systemd refuses it, unless NixOS has such a service)`);
  if (type === 'notify')
    ignored(`${directives.place}.Type = "notify" (the service counts as started at once)`);
  const fixed = (directive: string): string | undefined =>
    directives.at(directive, () => fixedText(directives.text(directive), context(directive)), undefined);
  const others = (option: string): string[] =>
    reader
      .texts(set, option)
      .flatMap(other => reader.attempt(() => [checkedName('dependency', other, set.position(option))], []));
  const workingDirectory = fixed('WorkingDirectory');
  const identifier = fixed('SyslogIdentifier');
  return {
    name,
    description: reader.textAt(set, 'description'),
    type,
    remainAfterExit,
    preStart: [...script('preStart'), ...commands('ExecStartPre')],
    start,
    postStart: [...script('postStart'), ...commands('ExecStartPost')],
    stop: [...stop, ...script('postStop'), ...commands('ExecStopPost')],
    reload: [...script('reload'), ...commands('ExecReload')],
    environment,
    path: reader.texts(set, 'path').map(folder => `${folder}/bin`),
    ...(workingDirectory !== undefined && { workingDirectory }),
    ...(identifier && { identifier }),
    ...(user !== undefined && { user }),
    ...(group !== undefined && { group }),
    ...(dynamic && { dynamicUser: true }),
    restart: restartOf(directives),
    restartMs: directives.duration('RestartSec', 100),
    ...readUnitConfig(set, reader, place, ignored),
    // systemd gives oneshot services all the time they need; 0 means no limit.
    timeoutStartMs: directives.duration(
      'TimeoutStartSec',
      directives.duration('TimeoutSec', type === 'oneshot' ? 0 : 90_000),
    ),
    timeoutStopMs: directives.duration('TimeoutStopSec', directives.duration('TimeoutSec', 90_000)),
    after: others('after'),
    requires: REQUIRING.flatMap(others),
    wants: ['wants', 'upholds'].flatMap(others),
    wantedBy: ['wantedBy', 'requiredBy'].flatMap(others),
    directories: Object.entries(DIRECTORIES).flatMap(([directive, parent]) =>
      directives.at(
        directive,
        () =>
          directives.words(directive).map(word => `${parent}/${folderIn(word.split(':')[0]!, directive)}`),
        [],
      ),
    ),
  };
}

/** A user's or group's name, or number. */
function accountIn(directive: string, kind: 'user' | 'group', directives: Directives): string | undefined {
  const name = directives.text(directive);
  if (name === undefined || /^\d+$/.test(name)) return name;
  return directives.at(directive, () => asName(kind, name, CompositionError), undefined);
}

/** systemd takes no path that leads out of the folder in which it makes them. */
function folderIn(path: string, directive: string): string {
  const fault = innerPathFault(path);
  if (fault === undefined) return path;
  throw new CompositionError({
    asked: `${directive} cannot be ${shownName(path)}`,
    found: fault,
    todo: 'write it relative to the folder that systemd makes it in, such as "app/cache"',
  });
}

/** The name that systemd gives the user of a unit that names none: the unit's, or one made of it when it is no user's name. */
function dynamicUser(unit: string): string {
  const name = unit.replace(/\.service$/, '');
  if (/^[a-zA-Z_][\w-]{0,30}$/.test(name)) return name;
  return `_du${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
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

/** What is the same on every node. */
function fixedText(given: string | undefined, context: ExecContext): string | undefined {
  const text = given?.replace(/^-/, '');
  if (text === undefined || text === '~') return text;
  const segments = expandSpecifiers(text, context, context.what);
  if (segments.every(segment => typeof segment === 'string')) return segments.join('');
  throw new CompositionError({ asked: `${context.what} cannot depend on the node`, found: text });
}

function typeOf(directives: Directives, starts: number): UnitSpec['type'] {
  const text = directives.text('Type');
  // As in systemd: without ExecStart a service can only be a oneshot.
  if (text === undefined) return starts === 0 ? 'oneshot' : 'simple';
  if (Object.hasOwn(TYPES, text)) return TYPES[text]!;
  return directives.wrong('Type', text, Object.keys(TYPES), 'oneshot');
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
  return RESTARTS.find(restart => restart === text) ?? directives.wrong('Restart', text, RESTARTS, 'no');
}
