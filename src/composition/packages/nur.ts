import { type AttrSet, Attrs, type Lazy, NixError, Thunk, VirtualAttrs } from '../../nix/index.js';
import type { Farm } from './farm.js';
import { hostPackage } from './host-packages.js';
import type { HostPrograms } from './host-programs.js';

/** What a repository of NUR has besides packages: names that NUR reserves, and what stands below them. */
const RESERVED: Readonly<Record<string, string>> = {
  modules: 'a NixOS module',
  nixosModules: 'a NixOS module',
  hmModules: 'a module of Home Manager',
  homeModules: 'a module of Home Manager',
  overlays: 'an overlay of nixpkgs',
  lib: 'a function or value',
};

const TO_DO =
  'build for a flavour that Nix builds (-f docker), or leave it out for local with lib.optionals (flavour.name != "local") [ … ]';

/** The argument `nur` of compositions: `nur.repos.<repository>.<package>`, packages being this machine's programs. */
export function makeNur(farm: Farm, programs: HostPrograms): AttrSet {
  const any = (get: (name: string) => Lazy): AttrSet =>
    new VirtualAttrs({ names: () => [], has: () => true, get });
  const repository = (repository: string): AttrSet =>
    any(name => {
      const kind = Object.hasOwn(RESERVED, name) ? RESERVED[name] : undefined;
      if (kind === undefined) return hostPackage(name, farm, programs, { repository });
      return any(inner =>
        Thunk.of(() => {
          throw new NixError('evaluation', {
            asked: `nur.repos.${repository}.${name}.${inner} is ${kind} of the NUR repository ${repository}, which the flavour local does not have`,
            found: 'what is in NUR comes from the flake, and local evaluates the composition without one',
            todo: TO_DO,
          });
        }),
      );
    });
  return Attrs.from({ repos: any(repository) });
}
