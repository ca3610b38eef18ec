import { type AttrSet, Attrs, VirtualAttrs } from '../../nix/attrs.js';
import { NixError } from '../../nix/error.js';
import { Thunk } from '../../nix/value.js';

/**
 * `lib.maintainers` and `lib.teams`, for the `meta` that people write in their packages. Any name is there; what
 * nixpkgs knows of it is not, and says so.
 */
export function people(): AttrSet {
  return Attrs.from({ maintainers: everybody('maintainers'), teams: everybody('teams') });
}

const KNOWN = ['name', 'email', 'github', 'githubId', 'matrix', 'keys', 'members', 'scope', 'shortName'];

function everybody(list: 'maintainers' | 'teams'): AttrSet {
  return new VirtualAttrs({
    names: () => absent(`lib.${list}`),
    has: () => true,
    get: name =>
      Attrs.from(KNOWN.map(key => [key, Thunk.of(() => absent(`lib.${list}.${name}.${key}`))] as const)),
  });
}

function absent(what: string): never {
  throw new NixError('throw', {
    asked: `nixpkgs' ${what} is not known to the flavour local`,
    todo: 'build with -f docker',
  });
}
