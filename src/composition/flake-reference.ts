import { relative } from 'node:path';
import { repositoryOf } from './repository.js';
import { type FlakeReference, gitFlake, scratchFlake } from './scratch-flake.js';

/** Names of folders that Nix 2.8 cannot make a URL of when it is told `.`: spaces, letters beyond ASCII, and what means something in URLs. */
const AWKWARD = /[^\x21-\x7e]|[#?%]/;

/** The flake of a project as it is or, where Nix has to read something else in some files, a copy of it. */
export async function flakeOf(
  directory: string,
  replacements: ReadonlyMap<string, string> = new Map(),
): Promise<FlakeReference> {
  if (replacements.size > 0) return scratchFlake(directory, replacements);
  const reference = flakeInPlace(directory);
  // Nix has no way to name a folder outside of git whose name is awkward.
  if (reference === undefined) return scratchFlake(directory, replacements);
  return { reference, [Symbol.asyncDispose]: async () => {} };
}

/** Undefined where only a copy can be named. */
export function flakeInPlace(directory: string): string | undefined {
  if (!AWKWARD.test(directory)) return '.';
  const root = repositoryOf(directory);
  return root && gitFlake(root, relative(root, directory));
}
