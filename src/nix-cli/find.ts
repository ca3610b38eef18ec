import { join } from 'node:path';
import { homeFolder } from '../home-folder.js';
import { findProgram, isProgram } from '../process/find-program.js';
import { NixUnavailable } from './errors.js';

/** Where installers put `nix` without a new login putting it on PATH; the last is upstream's `helper install-nix`. */
const INSTALLED = [
  '/nix/var/nix/profiles/default/bin/nix',
  '/run/current-system/sw/bin/nix',
  '~/.nix-profile/bin/nix',
  '~/.local/state/nix/profile/bin/nix',
  '~/.local/bin/nix',
];

/** Absolute path of the `nix` program; an error that says how to get it where there is none. */
export function findNix(): string {
  const nix = installedNix();
  if (nix) return nix;
  throw new NixUnavailable({
    asked: 'Nix is needed and not installed here',
    found: 'no program nix in PATH, nor where installers put it (~/.nix-profile/bin, ~/.local/bin …)',
    todo: 'nxc helper install-nix (for this user, without root), or apt install nix-bin, or https://nixos.org/download; the flavour local needs none',
  });
}

/** The same, undefined where there is none. */
export const installedNix = (): string | undefined =>
  findProgram('nix') ?? INSTALLED.map(atHome).find(isProgram);

const atHome = (path: string): string => (path.startsWith('~') ? join(homeFolder(), path.slice(1)) : path);
