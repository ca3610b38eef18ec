import { Attrs, VirtualAttrs } from '../../nix/attrs.js';
import { NixError } from '../../nix/error.js';
import { force, type Lazy, Thunk, type Value } from '../../nix/value.js';
import { type Place, showPlace } from './definition.js';

/** An option that is read, and that neither the composition nor anything here gives a value. */
export class NoValue extends NixError {
  constructor(readonly place: Place) {
    super('throw', {
      asked: `the option ${showPlace(place)} has no value`,
      found:
        'the composition does not set it, and the flavour local has no modules of NixOS, which may have a default for it',
      todo:
        'set it in the role, give a value for when it is not there (config.… or "value"), ' +
        'or build for a flavour that Nix builds: -f docker',
    });
  }
}

/** The value of an option that is not declared: what is missing in it has no value, as NixOS's modules are not here. */
export function ofUndeclared(place: Place, value: Value): Value {
  if (!(value instanceof Attrs) || value.has('outPath') || value.has('_type')) return value;
  const child = (name: string): Lazy | undefined => {
    const inner = value.get(name);
    return inner === undefined ? undefined : Thunk.of(() => ofUndeclared([...place, name], force(inner)));
  };
  return new VirtualAttrs({
    names: () => value.names(),
    has: name => value.has(name),
    get: child,
    position: name => value.position(name),
    missing: name => new NoValue([...place, name]),
  });
}
