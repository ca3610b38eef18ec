import { resolve } from 'node:path';
import { buildLink } from './build-link.js';
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
  /** Absolute path. */
  link: string;
}

/** What `nxc.lib.compose` calls a composition that is the only one of its file, whatever the file is called. */
const SINGLE = 'composition';

/**
 * A composition that is asked for by name is called so everywhere. The only one of its file is `composition` in the flake, while its
 * link has the name of the file (upstream's cmd_build.py).
 */
export function nixTarget(flavour: string, request: BuildRequest, setup: Setup): NixTarget {
  const { project, outLink } = request;
  const chosen = request.compositionFile ?? (setup.options['composition-file'] as string | undefined);
  const file = compositionFile(project, chosen);
  const name = request.compositionName;
  const composition = name ?? compositionName(file);
  return {
    file,
    composition,
    attribute: `${name ?? SINGLE}::${flavour}`,
    link: outLink
      ? resolve(project.directory, outLink)
      : buildLink(project.directory, { composition, flavour }),
  };
}
