import { NixError, type Position } from '../../nix/index.js';
import { nearest } from '../../suggest.js';
import { flavourCatalogue } from '../flavour-catalogue.js';
import { type Place, showPlace } from '../modules/definition.js';
import { nixosServices } from './nixos-services.js';

/** What to do about members of a group instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  services: ', or run the program yourself with systemd.services.<name>',
  programs: ', or have its package in environment.systemPackages',
};

/** An option that does something which only the modules of NixOS do. */
export class NeedsNixOS extends NixError {
  constructor(
    readonly place: Place,
    position: Position | undefined,
  ) {
    const [group, name = ''] = place;
    const others = Object.keys(flavourCatalogue).filter(flavour => flavour !== 'local');
    const unheard = group === 'services' && !nixosServices.has(name);
    super(
      'evaluation',
      {
        asked: `${showPlace(place)} needs NixOS itself, which the flavour local does not have`,
        nearest: unheard ? nearest(name, nixosServices).map(near => `services.${near}`) : [],
        todo: `build for a flavour that has it (${others.join(', ')})${INSTEAD[group!] ?? ''}`,
      },
      position,
    );
  }
}
