import { type AttrSet, NixError } from '../../nix/index.js';
import { nearest } from '../../suggest.js';
import { derivation } from './derivation.js';
import type { Entries, Farm } from './farm.js';
import type { HostPrograms } from './host-programs.js';
import { howToGet, knownPackages, lookUpPackage } from './programs.js';

/** A nixpkgs attribute as a package of links to this machine's programs. */
export function hostPackage(attribute: string, farm: Farm, programs: HostPrograms): AttrSet {
  const wanted = lookUpPackage(attribute).programs;
  return derivation({
    name: attribute,
    mainProgram: wanted[0],
    path: () => {
      const entries: Record<string, Entries[string]> = {};
      for (const name of wanted) {
        const target = programs.find(name);
        if (target !== undefined) entries[`bin/${name}`] = { kind: 'link', target };
      }
      if (wanted[0] !== undefined && !entries[`bin/${wanted[0]}`]) throw notHere(attribute, wanted[0]);
      return farm.add(attribute, entries);
    },
  });
}

function notHere(attribute: string, program: string): NixError {
  return new NixError('evaluation', {
    asked: `the package ${attribute} is not on this machine`,
    nearest: nearest(attribute, knownPackages).filter(name => name !== attribute),
    found: `no program ${program} on PATH`,
    todo: `get it (${howToGet(attribute)}), or build for a flavour with Nix: -f docker`,
  });
}
