import { resolve } from 'node:path';
import { buildLink } from './build-link.js';
import { nixSystem } from './packages/derivation.js';
import { compositionFile, compositionName } from './project.js';
import type { Setup } from './setup.js';
import type { BuildRequest } from './types.js';

/** What is asked of the flake, and what the outcome is called. */
export interface NixTarget {
  /** Absolute path of the composition file. */
  file: string;
  /** First half of the build's name. */
  composition: string;
  /** Name in `packages.<system>`. */
  attribute: string;
  flavour: string;
  /** Absolute path. */
  link: string;
}

/** What `nxc.lib.compose` calls a composition that is the only one of its file, whatever the file is called. */
const SINGLE = 'composition';

/**
 * A composition that is asked for by name is called so everywhere. The only one of its file is `composition` in the flake, while its
 * link has the name of the file (upstream's cmd_build.py).
 */
export function nixTarget(flavour: string, request: BuildRequest, options: Setup['options'] = {}): NixTarget {
  const { project, outLink } = request;
  const chosen = request.compositionFile ?? (options['composition-file'] as string | undefined);
  const file = compositionFile(project, chosen);
  const name = request.compositionName;
  const composition = name ?? compositionName(file);
  return {
    file,
    composition,
    flavour,
    attribute: `${name ?? SINGLE}::${flavour}`,
    link: outLink
      ? resolve(project.directory, outLink)
      : buildLink(project.directory, { composition, flavour }),
  };
}

/** What `nix build` is told to build. Quoted: a name may hold dots. */
export const outputReference = (flake: string, { attribute }: NixTarget): string =>
  `${flake}#packages.${nixSystem()}."${attribute}"`;
