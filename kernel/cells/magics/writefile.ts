import { appendFile, mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { type Command, completeWords, parseWords, programOf } from '../../../src/index.js';
import type { Magic } from '../magic.js';
import { nixReport } from '../nix-report.js';
import { MagicError } from '../words.js';

interface WriteOptions {
  append?: boolean;
}

const syntax: Pick<Command<WriteOptions>, 'name' | 'summary' | 'configure'> = {
  name: 'writefile',
  summary: 'write the cell to a file; Nix in it is checked at once',
  configure(program) {
    program
      .argument('<file>', 'path, from the working directory; missing folders are made')
      .option('-a, --append', 'add to the file instead of replacing it');
  },
};

export const writefile: Magic = {
  summary: syntax.summary,
  usage: ['%%writefile PATH', '%%writefile -a PATH'],
  async cell({ expandedWords, notebook, display }, { text }) {
    const parsed = await parseWords<WriteOptions>(syntax, await expandedWords({ unset: 'refuse' }), '%%');
    if ('help' in parsed) return display.write(parsed.help);
    const { cwd } = notebook.workspace;
    const file = resolve(cwd, parsed.args[0]!);
    const content = text.endsWith('\n') || text === '' ? text : `${text}\n`;
    let made: string | undefined;
    try {
      made = await makeFolder(dirname(file));
      await (parsed.options.append ? appendFile : writeFile)(file, content);
    } catch (error) {
      throw new MagicError({ asked: `cannot write ${file}`, found: (error as Error).message });
    }
    const shown = (path: string) => (relative(cwd, path).startsWith('..') ? path : relative(cwd, path));
    if (made !== undefined) display.write(`made folder ${shown(made)}\n`);
    display.write(`${parsed.options.append ? 'added to' : 'wrote'} ${shown(file)}\n`);
    if (file.endsWith('.nix')) await nixReport(file, content, display);
  },
  complete: ({ notebook, before, word }) => completeWords(syntax, notebook.completionContext(), before, word),
  help: async () => (await programOf(syntax, '%%')).helpInformation(),
};

/** Gives the uppermost folder that it made. Not Node's own recursive way: that one never ends where nothing can be made, as in /proc. */
async function makeFolder(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found) return undefined;
  const above = await makeFolder(dirname(path));
  await mkdir(path);
  return above ?? path;
}
