import { basename, dirname, join, resolve } from 'node:path';
import { type Command, writeOutput } from '../../src/index.js';
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
      .argument('<notebook>', 'executed notebook (.ipynb)')
      .option('-o, --output <file>', 'HTML file to write (default: beside the notebook)');
  },
  examples: ['report out/quickstart.ipynb', 'report out/quickstart.ipynb -o share/study.html'],
  async run([notebook = ''], { output }, { workspace, display }) {
    const file = resolve(workspace.cwd, notebook);
    const html = output
      ? resolve(workspace.cwd, output)
      : join(dirname(file), `${basename(file, '.ipynb')}.html`);
    const executed = await readNotebook(file);
    const { renderReport } = await import('./report/page.js');
    await writeOutput(html, await renderReport(executed, notebook));
    display.write(`report: ${html}\n`);
    return 0;
  },
};
