import { randomBytes } from 'node:crypto';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a whole file or nothing: readers see the old content or the new, also when the disk is full or the
 * process dies. Missing folders are made with `folderMode`.
 */
export async function writeAtomically(
  file: string,
  content: string,
  options: { mode?: number; folderMode?: number } = {},
): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: options.folderMode });
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    await writeFile(draft, content, { mode: options.mode });
    // writeFile's mode is cut by the umask.
    if (options.mode !== undefined) await chmod(draft, options.mode);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
