import { chmod, link, open, readdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from './make-folder.js';
import { randomHex } from './random-hex.js';
import { writeError } from './write-error.js';

export interface AtomicWriteOptions {
  /** Permission bits, whatever the umask is. */
  mode?: number;
  /** Of folders that are missing and therefore made. */
  folderMode?: number;
  /** Resolves when the content is on the disk, so that it outlives a power failure. */
  sync?: boolean;
  /** Only when there is no such file yet: of two writers at the same time one gets false. */
  exclusive?: boolean;
}

/**
 * Writes a whole file or nothing: readers see the old content or the new, also when the disk is full or the
 * process dies. True when it was written; a WriteError says why it cannot be.
 */
export async function writeAtomically(
  file: string,
  content: string,
  { mode, folderMode, sync, exclusive }: AtomicWriteOptions = {},
): Promise<boolean> {
  const draft = `${file}.${randomHex(4)}.draft`;
  try {
    makeFolder(dirname(file), folderMode);
    const handle = await open(draft, 'wx', mode);
    try {
      await handle.writeFile(content);
      if (sync) await handle.sync();
    } finally {
      await handle.close();
    }
    // The mode of `open` is cut by the umask.
    if (mode !== undefined) await chmod(draft, mode);
    if (exclusive) return await linkNew(draft, file);
    await rename(draft, file);
    return true;
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw writeError(`cannot write ${file}`, error);
  }
}

/** Whether a file can be written again and again: what went into a pipe or a device stays there. */
export async function isReplaceable(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return !found || found.isFile();
}

/**
 * Writes a file that a person named, say with `-o`: atomically, but a link stays and the file behind it is replaced, and what is no
 * file (/dev/null, /dev/stdout, a pipe) is written to.
 */
export async function writeOutput(file: string, content: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (!found || found.isFile() || found.isDirectory()) {
    await writeAtomically(await realpath(file).catch(() => file), content);
    return;
  }
  await writeFile(file, content).catch(error => {
    throw writeError(`cannot write ${file}`, error);
  });
}

async function linkNew(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** No write takes that long: the writer of an older draft was killed. */
const STALE_MS = 60_000;

/** Removes what killed writers left in a folder; returns the files. */
export async function removeStaleDrafts(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const removed: string[] = [];
  for (const name of names.filter(name => /\.[0-9a-f]{8}\.draft$/.test(name))) {
    const draft = join(folder, name);
    const written = await stat(draft).catch(() => undefined);
    if (!written || Date.now() - written.mtimeMs < STALE_MS) continue;
    await rm(draft, { force: true });
    removed.push(draft);
  }
  return removed;
}
