import { basename, dirname, join, resolve } from 'node:path';
import {
  type Command,
  type CommandContext,
  collect,
  duration,
  settled,
  UsageError,
  withJobs,
} from '../../src/index.js';
import { parseParameters, readParametersFile } from './parameters/given.js';
import { RunProgress } from './progress.js';
import type { FailedCell } from './run-cell.js';
import { type RunOptions, runNotebook } from './run-notebook.js';
import { serverAddress } from './server-address.js';
import { describeScore, type SubtestSummary, subtestsOf } from './subtests.js';

interface RunCommandOptions {
  output?: string;
  html?: string;
  junit?: string;
  allowFailures?: boolean;
  resume?: boolean;
  keep?: boolean;
  parameter?: string[];
  parametersFile?: string;
  timeout?: number;
  server?: string;
  token?: string;
}

/** Lines of a failed cell's source that are shown. */
const EXCERPT_LINES = 12;

/** Exit statuses; 2 where nothing was run. */
const STATUS = { ok: 0, error: 1, failures: 3, interrupted: 130 };

/** `nxc run NOTEBOOK`. */
export const runCommand: Command<RunCommandOptions> = {
  name: 'run',
  summary: 'run a notebook without a front-end and write the executed notebook and its report',
  configure: program => {
    program
      .argument('<notebook>', 'notebook to run (.ipynb); it is not modified')
      .option(
        '-o, --output <file>',
        'executed notebook to write (default: NAME.executed.ipynb, unless --html is given)',
      )
      .option('--html <file>', 'HTML report to write')
      .option('--junit <file>', 'cells and subtests as JUnit XML')
      .option('--allow-failures', 'go on after a subtest that failed, and end with status 0 all the same')
      .option(
        '-p, --parameter <name=value>',
        'override a value of the cell tagged "parameters": text, True, None, 1e3, nan, JSON; of the declared type (repeatable)',
        collect,
      )
      .option('-f, --parameters-file <file>', 'YAML or JSON with names and values; -p comes before it')
      .option(
        '--resume',
        'go on after the last cell that ran well, as the executed notebook has it: cells that only define something, or are tagged "parameters" or "setup", are run again for their variables, and so are %cd and %env; variables of other cells are gone; the deployment must still run',
      )
      .option('--keep', 'leave the deployment when the run does not get to its end; a killed run always does')
      .option(
        '--timeout <time>',
        'interrupt a cell that takes longer: 90s, 5m; a number alone is seconds',
        duration,
      )
      .option('--server <url>', 'run through this Jupyter server')
      .option('--token <token>', 'token of the server (default: JUPYTER_TOKEN of the environment)');
  },
  examples: [
    'run notebooks/quickstart.ipynb -o out/quickstart.ipynb --html out/quickstart.html',
    'run study.ipynb -p clients=8 --timeout 120',
    'run study.ipynb --resume',
  ],
  async run([notebook = ''], options, context) {
    const { display } = context;
    const request = await requestOf(notebook, options, context);
    // @jupyterlab/services tells of its sockets there, in the middle of the progress.
    if (request.server) console.debug = () => {};
    const {
      status,
      failure,
      notebook: executed,
    } = await runNotebook({ ...request, observer: new RunProgress(display) });
    if (failure) display.write(describeFailure(failure), 'stderr');
    display.write(describeSubtests(subtestsOf(executed)));
    if (request.output) display.write(`notebook: ${request.output}\n`);
    if (request.html) display.write(`report: ${request.html}\n`);
    if (request.junit) display.write(`JUnit: ${request.junit}\n`);
    return status === 'failures' && options.allowFailures ? 0 : STATUS[status];
  },
};

async function requestOf(
  notebook: string,
  {
    output,
    html,
    junit,
    allowFailures,
    resume,
    keep,
    parameter = [],
    parametersFile,
    timeout,
    server,
    token,
  }: RunCommandOptions,
  { workspace, signal, display, front, manager }: CommandContext,
): Promise<RunOptions & { output?: string }> {
  if (token !== undefined && server === undefined) {
    throw new UsageError({
      asked: '--token is for a Jupyter server, and none is named',
      todo: 'name it with --server URL, or leave the token out: without a server the kernel is started here',
    });
  }
  if (resume && server !== undefined) {
    throw new UsageError({
      asked: '--resume is for a kernel that is started here, and --server names another',
      todo: 'leave one of them',
    });
  }
  const path = (name: string): string => resolve(workspace.cwd, name);
  const file = path(notebook);
  const executed =
    output ??
    (html && !resume ? undefined : join(dirname(file), `${basename(file, '.ipynb')}.executed.ipynb`));
  const fromFile = parametersFile ? await readParametersFile(path(parametersFile)) : [];
  const asks = front === 'terminal' && process.stdin.isTTY;
  return {
    notebook: file,
    ...(executed ? { output: path(executed) } : {}),
    ...(html ? { html: path(html) } : {}),
    ...(junit ? { junit: path(junit) } : {}),
    allowFailures,
    resume,
    keep,
    isRunning: run =>
      withJobs(display, signal, async jobs => {
        const find = async () => (await manager.list()).find(one => one.record['x-nxc'].run === run);
        return (await settled(find, jobs))?.isRunning() ?? false;
      }),
    parameters: new Map([...fromFile, ...parseParameters(parameter)]),
    ...(timeout === undefined ? {} : { timeoutMs: timeout }),
    ...(server ? { server: serverAddress(server, token, workspace.env.JUPYTER_TOKEN) } : {}),
    signal,
    ...(asks ? { ask: (prompt, password) => display.ask(prompt, { password, signal }) } : {}),
  };
}

function describeSubtests(summary: SubtestSummary): string {
  const { passed, failed } = summary;
  if (passed + failed.length === 0) return '';
  const lines = failed.map(
    ({ cell, path, message }) =>
      `  \x1b[31m✗\x1b[0m In [${cell.execution_count ?? ' '}] ${path}: ${message.split('\n')[0]}`,
  );
  return `${[`subtests: ${describeScore(summary)}`, ...lines].join('\n')}\n`;
}

function describeFailure({ cell, error }: FailedCell): string {
  const lines = cell.source.split('\n');
  const shown = lines
    .slice(0, EXCERPT_LINES)
    .map((line, i) => `\x1b[2m${String(i + 1).padStart(4)} │\x1b[0m ${line}`);
  if (lines.length > EXCERPT_LINES)
    shown.push(`\x1b[2m     … ${lines.length - EXCERPT_LINES} more lines\x1b[0m`);
  const message = error.traceback.length ? error.traceback.join('\n') : `${error.ename}: ${error.evalue}`;
  return `\n\x1b[31mIn [${cell.execution_count ?? ' '}] failed\x1b[0m\n${shown.join('\n')}\n\n${message}\n`;
}
