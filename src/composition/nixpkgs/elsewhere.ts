/** What compositions name of nixpkgs' own files: a few of them are in tree/, the others are not here. */
import { existsSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { assetPath } from '../../assets.js';
import { NixError } from '../../nix/index.js';

/** `pkgs.path`. Nothing lies there; the name is what errors show. */
export const NIXPKGS = '/nixpkgs';
/** `modulesPath`. */
export const MODULES = `${NIXPKGS}/nixos/modules`;

const TREE = 'src/composition/nixpkgs/tree';

/** Files that nixpkgs' own tests name from beside themselves, wherever a copy of such a test lies. */
const BESIDE_TESTS: Readonly<Record<string, string>> = {
  'make-test-python.nix': 'nixos/tests/make-test-python.nix',
  'make-test.nix': 'nixos/tests/make-test-python.nix',
  'testing-python.nix': 'nixos/lib/testing-python.nix',
  'ssh-keys.nix': 'nixos/tests/ssh-keys.nix',
};

export const elsewhere = {
  locate(path: string): string | undefined {
    const inside = belowNixpkgs(path);
    if (inside !== undefined) return ours(inside);
    const beside = BESIDE_TESTS[basename(path)];
    return beside === undefined || existsSync(path) ? undefined : ours(beside);
  },

  /** `<nixpkgs/nixos/…>`. */
  search: (name: string): string | undefined => (/^nixpkgs(\/|$)/.test(name) ? `/${name}` : undefined),

  missing(path: string): NixError | undefined {
    const inside = belowNixpkgs(path);
    if (inside === undefined) return undefined;
    if (/^(default\.nix)?$/.test(inside)) {
      return new NixError('evaluation', {
        asked: 'this is nixpkgs itself (pkgs.path, <nixpkgs>), which the flavour local does not have',
        todo: 'take packages from the argument of the composition or module: { pkgs, ... }:',
      });
    }
    return new NixError('evaluation', {
      asked: `${inside} is a file of nixpkgs itself (pkgs.path; modulesPath is its folder nixos/modules), which the flavour local does not have`,
      todo: 'leave it out for local with lib.optional (flavour.name != "local"), or build for a flavour that Nix builds: -f docker',
    });
  },
};

/** Where we keep this file of nixpkgs, if we do. */
function ours(inside: string): string | undefined {
  const path = assetPath(join(TREE, inside));
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? path : undefined;
}

function belowNixpkgs(path: string): string | undefined {
  const absolute = resolve(path);
  return absolute === NIXPKGS || absolute.startsWith(`${NIXPKGS}/`)
    ? absolute.slice(NIXPKGS.length + 1)
    : undefined;
}
