import {
  type CommandContext,
  commandHelp,
  commands,
  completeCommandLine,
  NxcError,
  runCommandLine,
  runScript,
} from '../../../src/index.js';
import type { Body, Magic, MagicCall } from '../magic.js';

export const nxc: Magic = {
  summary: 'a verb of nxc as in a terminal; %%nxc driver runs the cell as Python test script',
  usage: ['%nxc VERB [options]', '%nxc --help', '%%nxc driver'],
  line: async ({ words, context }) => run(await words(), context),
  async cell(call, body) {
    const all = await call.words();
    if (all.join(' ') !== 'driver') {
      throw new NxcError({
        asked: `%%nxc ${all.join(' ')} takes no cell`,
        todo: '%%nxc driver runs a cell as Python test script; other verbs are lines: %nxc VERB',
      });
    }
    await driverCell(call, body);
  },
  complete: ({ notebook, before, word }) =>
    completeCommandLine(commands, notebook.completionContext(), before, word),
  help: ([verb]) => commandHelp(verb),
};

async function run(words: readonly string[], context: CommandContext): Promise<void> {
  const status = await runCommandLine(words, context);
  if (status !== 0) throw new NxcError({ asked: `nxc ${words.join(' ')} ended with status ${status}` });
}

async function driverCell({ notebook, cell, display }: MagicCall, { text, firstLine }: Body): Promise<void> {
  const status = await runScript({
    source: text,
    file: `In[${cell.executionCount}]`,
    firstLine,
    manager: notebook.manager,
    workspace: notebook.workspace,
    display,
    signal: cell.signal,
  });
  if (status !== 0) throw new NxcError({ asked: `the script ended with status ${status}` });
}
