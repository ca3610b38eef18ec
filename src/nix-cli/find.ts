import { homedir } from 'node:os';
import { join } from 'node:path';
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
  const nix = findProgram('nix') ?? INSTALLED.map(atHome).find(isProgram);
  if (nix) return nix;
  throw new NixUnavailable({
    asked: 'Nix is needed and not installed here',
    found: `no program nix in PATH, nor in ${INSTALLED.slice(0, 3).join(', ')} or ~/.local/bin`,
    todo: 'nxc helper install-nix (into ~/.local/bin, without root), or apt install nix-bin, or https://nixos.org/download; the flavour local needs none',
  });
}

const atHome = (path: string): string => (path.startsWith('~') ? join(homedir(), path.slice(1)) : path);
