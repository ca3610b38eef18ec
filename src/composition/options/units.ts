import { type AttrSet, NixError } from '../../nix/index.js';
import { nearest } from '../../suggest.js';
import { CompositionError } from '../errors.js';
import type { UnitSpec } from '../role-spec.js';
import type { Ordered } from '../systemd/order.js';
import { atPosition } from './at-position.js';
import { inOrder } from './in-order.js';
import type { Reader } from './reader.js';
import { REQUIRING, readUnit } from './unit.js';

/** A unit, and the definition that it comes from. */
interface Defined extends Ordered {
  spec: UnitSpec;
  set: AttrSet;
}

/** The services of a role in start order. */
export function readUnits(config: AttrSet, reader: Reader, ignored: (place: string) => void): UnitSpec[] {
  const { failures } = reader;
  const all = reader.set(config, 'systemd', 'services');
  const units = reader
    .entries(config, 'systemd', 'services')
    .filter(([, set]) => reader.flag(set, 'enable'))
    .flatMap(([key, set]): Defined[] => {
      const read = () => {
        if (/@(\.service)?$/.test(key)) throw template(key);
        return readUnit(key, set, reader, ignored);
      };
      const spec = reader.attempt(() => atPosition(all.position(key), read), undefined);
      if (!spec) return [];
      const { name, after, requires, wants } = spec;
      return [{ name, after, before: reader.texts(set, 'before'), requires, wants, spec, set }];
    });
  // A unit that could not be read is no unit that is missing.
  if (reader.failures > failures) return [];
  const names = units.map(({ name }) => name);
  for (const unit of units) reader.attempt(() => checkRequired(unit, names, reader), undefined);
  const ordered = () => inOrder(units, ({ set }, option) => set.position(option));
  return reader.attempt(ordered, []).map(({ spec }) => spec);
}

/** systemd would refuse to start a unit that requires one that does not exist. Targets and the like are always there. */
function checkRequired({ name, set }: Defined, names: readonly string[], reader: Reader): void {
  for (const option of REQUIRING) {
    const missing = reader
      .texts(set, option)
      .find(other => other.endsWith('.service') && !names.includes(other));
    if (missing === undefined) continue;
    throw new NixError(
      'evaluation',
      {
        asked: `${name} requires ${missing}, and the role has no such unit`,
        nearest: nearest(
          missing,
          names.filter(other => other !== name),
        ),
        found: `units are ${names.join(', ')}`,
      },
      set.position(option),
    );
  }
}

function template(name: string): CompositionError {
  return new CompositionError({
    asked: `systemd.services."${name}" is a template, which the flavour local does not have`,
    todo: `define its instances, for example systemd.services."${name.replace(/@.*/, '')}@1"`,
  });
}
