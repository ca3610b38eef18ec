import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../../atomic-write.js';
import { homeFolder } from '../../home-folder.js';

/** Lines that are kept. */
export const historySize = 1000;

/** Where the lines of a prompt are: `nxc/driver-python.history` in the XDG data folder. */
export function historyFile(language: string, env: Record<string, string | undefined>): string {
  const data = env.XDG_DATA_HOME || join(env.HOME || homeFolder(), '.local', 'share');
  return join(data, 'nxc', `driver-${language}.history`);
}

/** The newest first, as readline has them. */
export async function readHistory(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean).reverse().slice(0, historySize);
}

/** A prompt whose history cannot be written is still a prompt. */
export async function writeHistory(file: string, newestFirst: readonly string[]): Promise<void> {
  const text = newestFirst.toReversed().map(line => `${line}\n`);
  await writeAtomically(file, text.join(''), { mode: 0o600, folderMode: 0o700 }).catch(() => {});
}
