import { files, runOnHost } from '../../../src/index.js';
import { interpolatedScript } from '../interpolate.js';
import type { Body, Magic, MagicCall } from '../magic.js';

export const sh: Magic = {
  summary: 'run the cell with bash on this machine',
  usage: ['%%sh', '%sh COMMAND'],
  line: call => run(call, { text: call.text, firstLine: 0 }),
  cell: (call, body) => run(call, body),
  complete: async ({ notebook, sign, word }) => (sign === '%' ? files(notebook.workspace.cwd, word) : []),
};

async function run({ notebook, cell, display }: MagicCall, body: Body): Promise<void> {
  const script = await interpolatedScript(body.text, notebook.lookup);
  await runOnHost(script, {
    ...notebook.workspace,
    display,
    signal: cell.signal,
    left: notebook.leftPrograms,
  });
}
