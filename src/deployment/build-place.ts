import { statSync } from 'node:fs';
import type { Build } from '../composition/types.js';
import { DeploymentError } from './errors.js';

/** Refuses a build that names files by absolute paths, and was written where the project was before it was copied or moved. */
export function checkPlace({ info, link }: Build, project: string): void {
  const { project: made } = (info['x-nxc'] ?? {}) as { project?: string };
  if (made === undefined || isSameFolder(made, project)) return;
  throw new DeploymentError({
    asked: `the build ${link} was made in another folder`,
    found: `it is of ${made}, from where the project was copied or moved`,
    todo: 'build again: nxc build',
  });
}

/** Reached by a link or another mount it is the same. */
function isSameFolder(a: string, b: string): boolean {
  const [one, other] = [a, b].map(path => statSync(path, { throwIfNoEntry: false }));
  return one !== undefined && other !== undefined && one.ino === other.ino && one.dev === other.dev;
}
