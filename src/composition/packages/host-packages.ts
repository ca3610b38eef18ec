import { nameFault, shownName } from '../../name.js';
import { type AttrSet, NixError } from '../../nix/index.js';
import { derivation } from './derivation.js';
import type { Entries, Farm } from './farm.js';
import type { HostPrograms } from './host-programs.js';
import { MissingPackage } from './missing-package.js';
import { lookUpPackage } from './programs.js';

/** Where a package stands: in a set inside pkgs, or in a repository of NUR. */
interface Within {
  set?: string;
  repository?: string;
}

/** A nixpkgs attribute as a package of links to this machine's programs. */
export function hostPackage(
  attribute: string,
  farm: Farm,
  programs: HostPrograms,
  { set, repository }: Within = {},
): AttrSet {
  const fault = nameFault('package', attribute);
  if (fault !== undefined) {
    throw new NixError('evaluation', {
      asked: `a package cannot be called ${shownName(attribute)}`,
      found: fault,
      todo: 'name one of nixpkgs: pkgs.curl',
    });
  }
  const wanted = lookUpPackage(attribute).programs;
  const path = repository === undefined ? ['pkgs', set] : ['nur.repos', repository];
  const shown = [...path, attribute].filter(Boolean).join('.');
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
        throw new MissingPackage([set, attribute].filter(Boolean).join('.'), wanted[0], repository);
      return farm.add(attribute, entries);
    },
    missing: inner => needsNix(`${shown}.${inner}`, shown),
    uncallable: () => needsNix(`the function ${shown}`, shown),
  });
}

/** Something of a package that is not its programs. */
export function needsNix(what: string, shown: string): NixError {
  return new NixError('evaluation', {
    asked: `${what} needs Nix, and the flavour local has none`,
    found: `of ${shown} local knows its programs and nothing else`,
    todo: TO_DO,
  });
}

const TO_DO =
  'write the files with pkgs.writeText or as files of the project, or build for a flavour with Nix: -f docker';
