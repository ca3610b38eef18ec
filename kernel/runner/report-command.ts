import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type Command, type CommandContext, UsageError, writeOutput } from '../../src/index.js';
import { NotebookError } from './ipynb/errors.js';
import { readNotebook } from './ipynb/read.js';

interface ReportOptions {
  output?: string;
}

/** `nxc report EXECUTED.ipynb`: the HTML of a notebook as it stands, nothing is executed. */
export const reportCommand: Command<ReportOptions> = {
  name: 'report',
  summary: 'write an executed notebook as one HTML file that works offline',
  configure: program => {
    program
      .argument('[notebook]', 'executed notebook (.ipynb); in a notebook, its own file as it was last saved')
      .option('-o, --output <file>', 'HTML file to write (default: beside the notebook)');
  },
  examples: ['report out/quickstart.ipynb', 'report out/quickstart.ipynb -o share/study.html'],
  async run([named], { output }, context) {
    const { workspace, display } = context;
    const file = named === undefined ? ownFile(context) : resolve(workspace.cwd, named);
    const html = output
      ? resolve(workspace.cwd, output)
      : join(dirname(file), `${basename(file, '.ipynb')}.html`);
    const executed = await readNotebook(file);
    const { renderReport } = await import('./report/page.js');
    await writeOutput(html, await renderReport(executed, named ?? basename(file)));
    display.write(`report: ${html}\n`);
    if (named === undefined) await sayIfOld(file, context);
    return 0;
  },
};

/** The time of a file may be that much behind the clock. */
const CLOCK_MS = 20;

/** Front-ends that start kernels through Jupyter Server say it, and so does `nxc run`. */
function ownFile({ front, notebook: written, executed: notebook = written }: CommandContext): string {
  if (notebook !== undefined) {
    if (existsSync(notebook)) return notebook;
    throw new NotebookError({
      asked: 'the file of this notebook is not there',
      found: `no ${notebook}`,
      todo: 'save the notebook; if it was renamed or moved since its kernel started, name it: %nxc report NOTEBOOK.ipynb',
    });
  }
  throw new UsageError(
    front === 'notebook'
      ? {
          asked: 'the front-end did not say in which file this notebook is',
          todo: 'name it: %nxc report NOTEBOOK.ipynb',
        }
      : { asked: 'nxc report needs a notebook', todo: 'write nxc report NOTEBOOK.ipynb' },
  );
}

/** The kernel knows nothing of what a front-end has not saved yet; milliseconds since the epoch. */
async function sayIfOld(file: string, { display, lastCell }: CommandContext): Promise<void> {
  const { mtimeMs } = await stat(file);
  const started = Date.now() - process.uptime() * 1000;
  const lacks =
    mtimeMs < started
      ? 'holds nothing of this session: it was saved before this kernel started'
      : lastCell && mtimeMs + CLOCK_MS < lastCell.endedAt
        ? `was saved before ${lastCell.label} ended, and may lack what came since`
        : undefined;
  if (!lacks) return;
  const saved = new Date(mtimeMs).toLocaleTimeString('en-GB');
  display.write(
    `warning: ${basename(file)} (saved at ${saved}) ${lacks}: save the notebook, then run this cell again\n`,
    'stderr',
  );
}
