import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RoleSpec, UnitSpec } from '../../composition/role-spec.js';
import { writeUnit } from './unit-file.js';

/** Writes the units of a role (unit-file.ts), and in `boot` a list of what starts at boot. */
export function writeUnits(folder: string, { units }: Pick<RoleSpec, 'units'>): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'boot'),
    bootUnits(units)
      .map(name => `${name}\n`)
      .join(''),
  );
  for (const unit of units) {
    const requiredBy = units.filter(({ requires }) => requires.includes(unit.name)).map(({ name }) => name);
    writeUnit(folder, unit, { RequiredBy: requiredBy });
  }
}

/** What the boot targets want, and what that wants and requires in turn; in the given order. */
export function bootUnits(units: readonly UnitSpec[]): string[] {
  const byName = new Map(units.map(unit => [unit.name, unit]));
  const wanted = new Set<string>();
  const add = (name: string): void => {
    const unit = byName.get(name);
    if (!unit || wanted.has(name)) return;
    wanted.add(name);
    for (const other of [...unit.requires, ...unit.wants]) add(other);
  };
  for (const unit of units) if (unit.wantedBy.some(target => target.endsWith('.target'))) add(unit.name);
  return units.map(({ name }) => name).filter(name => wanted.has(name));
}
