import { nameFault, shownName } from '../name.js';
import { CompositionError } from './errors.js';

export const isRoleName = (role: string): boolean =>
  nameFault('role', role) === undefined && /^(?!\.)[\w.+-]+$/.test(role);

/** On `local` a role's name is that of a folder too, in places that take no quotes. */
export function checkRoleName(role: string): void {
  if (isRoleName(role)) return;
  throw new CompositionError({
    asked: `role ${shownName(role)} cannot run on the flavour local`,
    found:
      nameFault('role', role) ??
      'its name is also that of a folder, which may hold letters, digits and _ . + - only',
    todo: 'rename the role in the composition',
  });
}
