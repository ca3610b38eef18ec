import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { files, folders, homeFolder, nearest } from '../../../src/index.js';
import type { Magic } from '../magic.js';
import { MagicError } from '../words.js';

export const cd: Magic = {
  summary: 'change the working directory',
  usage: ['%cd FOLDER', '%cd -', '%cd'],
  async line({ expandedWords, notebook, display }) {
    const [given = homeFolder(), ...more] = await expandedWords();
    if (more.length > 0) {
      throw new MagicError({
        asked: '%cd takes one folder',
        found: [given, ...more].join(', '),
        todo: `a name with blanks goes into quotes: %cd '${[given, ...more].join(' ')}'`,
      });
    }
    const word = given === '-' ? notebook.folderBefore : given;
    if (word === undefined) throw new MagicError({ asked: 'there is no folder before this one' });
    const { cwd } = notebook.workspace;
    const folder = resolve(
      cwd,
      word === '~' || word.startsWith('~/') ? join(homeFolder(), word.slice(1)) : word,
    );
    const found = await stat(folder).catch(() => undefined);
    if (!found?.isDirectory()) {
      throw new MagicError({
        asked: `there is no folder ${folder}`,
        nearest: await nearFolders(folder),
        ...(found ? { found: 'a file of that name' } : {}),
      });
    }
    await notebook.change({ cwd: folder });
    display.write(`${folder}\n`);
  },
  complete: ({ notebook, word }) => folders(notebook.workspace.cwd, word),
};

/** Folders that may have been meant, as absolute paths: any part of the path may be misspelt. */
async function nearFolders(folder: string): Promise<string[]> {
  const parent = dirname(folder);
  const name = basename(folder);
  if (!(await isFolder(parent))) {
    const parents = await nearFolders(parent);
    const children = await Promise.all(
      parents.map(async near => ((await isFolder(join(near, name))) ? [join(near, name)] : [])),
    );
    return children.flat().length > 0 ? children.flat() : parents;
  }
  const beside = (await files(parent, '')).filter(entry => entry.endsWith('/'));
  return nearest(
    name,
    beside.map(entry => entry.slice(0, -1)),
  ).map(near => join(parent, near));
}

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
