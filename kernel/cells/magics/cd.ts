import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { files, nearest } from '../../../src/index.js';
import type { Magic } from '../magic.js';
import { MagicError } from '../words.js';

export const cd: Magic = {
  summary: 'change the working directory',
  usage: ['%cd FOLDER', '%cd'],
  async line({ words, notebook, display }) {
    const [word = homedir()] = await words();
    const { cwd } = notebook.workspace;
    const folder = resolve(
      cwd,
      word === '~' || word.startsWith('~/') ? join(homedir(), word.slice(1)) : word,
    );
    const found = await stat(folder).catch(() => undefined);
    if (!found?.isDirectory()) {
      const beside = (await files(dirname(folder), '')).filter(name => name.endsWith('/'));
      throw new MagicError({
        asked: `there is no folder ${folder}`,
        nearest: nearest(
          basename(folder),
          beside.map(name => name.slice(0, -1)),
        ),
        ...(found ? { found: 'a file of that name' } : {}),
      });
    }
    notebook.changeDirectory(folder);
    display.write(`${folder}\n`);
  },
  complete: async ({ notebook, word }) =>
    (await files(notebook.workspace.cwd, word)).filter(path => path.startsWith(word) && path.endsWith('/')),
};
