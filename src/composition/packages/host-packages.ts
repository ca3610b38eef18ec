import type { AttrSet } from '../../nix/index.js';
import { derivation } from './derivation.js';
import type { Entries, Farm } from './farm.js';
import type { HostPrograms } from './host-programs.js';
import { MissingPackage } from './missing-package.js';
import { lookUpPackage } from './programs.js';

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
      if (wanted[0] !== undefined && !entries[`bin/${wanted[0]}`])
        throw new MissingPackage(attribute, wanted[0]);
      return farm.add(attribute, entries);
    },
  });
}
