import type { AttrSet } from '../../nix/index.js';
import { CompositionError } from '../errors.js';
import type { UnitSpec } from '../role-spec.js';
import { Directives } from './directives.js';
import type { Reader } from './reader.js';

/** Directives of [Unit] that mean something on `local`, or say something for people. */
const MEANT = ['StartLimitBurst', 'StartLimitIntervalSec', 'Description', 'Documentation'];

/** Those that have an option of NixOS: here only that is read. */
const OPTIONS = /^(After|Before|Requires|Requisite|BindsTo|Wants|Upholds)$/;

/** systemd.services.<name>.unitConfig, and the options that stand for parts of it. `place` is the service's. */
export function readUnitConfig(
  set: AttrSet,
  reader: Reader,
  place: string,
  ignored: (place: string) => void,
): Pick<UnitSpec, 'startLimitBurst' | 'startLimitIntervalMs'> {
  const directives = new Directives(reader.set(set, 'unitConfig'), `${place}.unitConfig`, reader);
  for (const name of directives.names()) {
    if (OPTIONS.test(name)) directives.at(name, () => instead(name, place), undefined);
    if (!MEANT.includes(name)) ignored(`${directives.place}.${name}`);
  }
  const seconds = reader.optionalNumber(set, 'startLimitIntervalSec');
  return {
    startLimitBurst: reader.optionalNumber(set, 'startLimitBurst') ?? directives.number('StartLimitBurst', 5),
    startLimitIntervalMs:
      seconds === undefined ? directives.duration('StartLimitIntervalSec', 10_000) : seconds * 1000,
  };
}

function instead(name: string, place: string): never {
  throw new CompositionError({
    asked: `the flavour local does not read ${place}.unitConfig.${name}`,
    todo: `write ${place}.${name.charAt(0).toLowerCase()}${name.slice(1)} = [ … ]`,
  });
}
