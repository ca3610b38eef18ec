import { CompositionError } from './errors.js';

/** On `local` a role's name is that of a folder too, in places that take no quotes. */
export function checkRoleName(role: string): void {
  if (/^(?!\.)[\w.+-]+$/.test(role)) return;
  throw new CompositionError({
    asked: `role "${role}" cannot run on the flavour local`,
    found: 'its name is also that of a folder, which may hold letters, digits and _ . + - only',
    todo: 'rename the role in the composition',
  });
}
