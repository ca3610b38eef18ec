import { readlink, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeAtomically } from '../atomic-write.js';
import { readRegularText } from '../read-regular.js';
import { artifactFolder, type BuildName } from './build-link.js';
import type { BuildSetup } from './types.js';

/** What is known of a build that Nix made and that its document in the store cannot say. */
interface Provenance {
  /** Where the link led then: another build has another provenance. */
  target: string;
  setup: BuildSetup;
}

/** Not below build/: upstream takes whatever is newest there for a build. */
const fileFor = (link: string, name: BuildName): string =>
  join(artifactFolder(dirname(dirname(link)), name), 'provenance.json');

export async function writeProvenance(
  link: string,
  name: BuildName,
  setup: BuildSetup | undefined,
): Promise<void> {
  const file = fileFor(link, name);
  if (!setup) return rm(file, { force: true });
  const provenance: Provenance = { target: await readlink(link), setup };
  await writeAtomically(file, `${JSON.stringify(provenance)}\n`, { mode: 0o600, folderMode: 0o700 });
}

/** Undefined when nothing was written of the build that the link leads to now. */
export async function readProvenance(link: string, name: BuildName): Promise<BuildSetup | undefined> {
  try {
    const { target, setup } = JSON.parse(readRegularText(fileFor(link, name))) as Provenance;
    return target === (await readlink(link)) ? setup : undefined;
  } catch {
    return undefined;
  }
}
