import type { AttrSet } from '../../nix/index.js';
import { nearest } from '../../suggest.js';
import { CompositionError } from '../errors.js';
import type { UnitSpec } from '../role-spec.js';
import { startOrder } from '../systemd/order.js';
import { atPosition } from './at-position.js';
import type { Reader } from './reader.js';
import { readUnit } from './unit.js';

/** The services of a role in start order. */
export function readUnits(config: AttrSet, reader: Reader, ignored: (place: string) => void): UnitSpec[] {
  const services = reader
    .entries(config, 'systemd', 'services')
    .filter(([, set]) => reader.flag(set, 'enable'));
  for (const [name] of services) {
    if (/@(\.service)?$/.test(name)) throw template(name);
  }
  const befores = new Map<string, string[]>();
  const all = reader.set(config, 'systemd', 'services');
  const units = services.map(([key, set]) => {
    const unit = atPosition(all.position(key), () => readUnit(key, set, reader, ignored));
    befores.set(unit.name, reader.texts(set, 'before'));
    return unit;
  });
  checkRequired(units);
  return startOrder(units.map(unit => ({ ...unit, before: befores.get(unit.name)! }))).map(
    ({ before: _, ...unit }) => unit,
  );
}

/** systemd would refuse to start a unit that requires one that does not exist. Targets and the like are always there. */
function checkRequired(units: readonly UnitSpec[]): void {
  const names = units.map(({ name }) => name);
  for (const unit of units) {
    const missing = unit.requires.find(name => name.endsWith('.service') && !names.includes(name));
    if (missing === undefined) continue;
    throw new CompositionError({
      asked: `${unit.name} requires ${missing}, and the role has no such unit`,
      nearest: nearest(
        missing,
        names.filter(name => name !== unit.name),
      ),
      found: `units are ${names.join(', ')}`,
    });
  }
}

function template(name: string): CompositionError {
  return new CompositionError({
    asked: `systemd.services."${name}" is a template, which the flavour local does not have`,
    todo: `define its instances, for example systemd.services."${name.replace(/@.*/, '')}@1"`,
  });
}
