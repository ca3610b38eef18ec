import {
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
  async line({ words, context }) {
    const all = await words();
    const status = await runCommandLine(all, context);
    if (status !== 0) throw new NxcError({ asked: `nxc ${all.join(' ')} ended with status ${status}` });
  },
  async cell(call, body) {
    const words = await call.words();
    if (words.join(' ') === 'driver') return driverCell(call, body);
    throw new NxcError({
      asked: `%%nxc ${words.join(' ')} takes no cell`,
      todo: '%%nxc driver runs a cell as Python test script; other verbs are lines: %nxc VERB',
    });
  },
  complete: ({ notebook, before, word }) =>
    completeCommandLine(commands, notebook.completionContext(), before, word),
  help: ([verb]) => commandHelp(verb),
};

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
