import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { closeScripts } from '../driver/interpreters.js';
import { runScript } from '../driver/script.js';
import { formatDuration } from '../duration.js';
import type { Command, CommandContext } from './command.js';
import { deploymentOf, deploymentOption } from './deployment-option.js';
import { duration } from './options.js';
import { UsageError } from './usage-error.js';

/** Options that the verb and a cell of Python share. */
export interface ScriptOptions {
  timeout?: number;
  junit?: string;
}

interface DriverOptions extends ScriptOptions {
  deployment?: string;
  testScript?: boolean;
  ts?: boolean;
  reference?: boolean;
}

export const driver: Command<DriverOptions> = {
  name: 'driver',
  summary: 'run a Python test script on the nodes that run; without one, a prompt',
  examples: ['driver -t', 'driver checks.py --timeout 5m', 'driver', 'driver --ts'],
  configure(program) {
    program
      .argument('[script]', "file with Python in the NixOS test driver's vocabulary")
      .option('-t, --test-script', "the composition's own testScript")
      .option(...deploymentOption)
      .option('--ts', 'a prompt for TypeScript instead of Python')
      .option('--reference', 'print the reference of machines and their methods, as Markdown');
    configureScript(program);
  },
  async run([file], options, context) {
    if (options.reference) return showReference(context);
    if (options.deployment !== undefined) await deploymentOf(options.deployment, context);
    try {
      const script = await scriptOf(file, options, context);
      return script === undefined ? await prompt(options, context) : await runToEnd(script, options, context);
    } finally {
      // In a notebook the next cell goes on with the variables of this one.
      if (context.front === 'terminal') await closeScripts(context.manager);
    }
  },
};

async function showReference({ display }: CommandContext): Promise<number> {
  const page = (await import('../driver/reference.js')).reference().trimEnd();
  display.show({ toMimeBundle: () => ({ 'text/plain': page, 'text/markdown': page }) });
  return 0;
}

export function configureScript(program: Parameters<NonNullable<Command['configure']>>[0]): void {
  program
    .option('--timeout <time>', 'interrupt the script after this time: 10s, 5m', duration)
    .option('--junit <file>', 'write the subtests and their results as JUnit XML');
}

/** The same options for `runScript`. */
export function scriptOptions({ timeout, junit }: ScriptOptions, workspace: CommandContext['workspace']) {
  return {
    ...(timeout === undefined ? {} : { timeoutMs: timeout }),
    ...(junit === undefined ? {} : { junit: resolve(workspace.cwd, junit) }),
  };
}

interface Script {
  source: string;
  file: string;
}

async function runToEnd(
  script: Script,
  options: DriverOptions,
  { manager, workspace, display, signal }: CommandContext,
): Promise<number> {
  const more = scriptOptions(options, workspace);
  const end = await runScript({ ...script, ...more, manager, workspace, display, signal });
  // Its subtests say that it passed; a script without any would say nothing at all.
  if (options.testScript && end.status === 0 && end.subtests === 0) {
    display.write(`✔ the test script passed in ${formatDuration(end.durationMs)}\n`);
  }
  return end.status;
}

/** What is to be run; undefined for a prompt. */
async function scriptOf(
  file: string | undefined,
  { testScript, ts }: DriverOptions,
  { workspace, manager, front }: CommandContext,
): Promise<Script | undefined> {
  if (testScript) {
    const source = await (await manager.require(workspace.cwd)).testScript();
    if (source) return { source, file: 'testScript' };
    throw new UsageError({
      asked: 'this composition has no testScript',
      todo: "add testScript = ''…''; to composition.nix, build and start again",
    });
  }
  if (file !== undefined) return { source: await read(resolve(workspace.cwd, file)), file };
  if (front === 'notebook') throw noScript('its prompt needs a terminal');
  if (ts || process.stdin.isTTY) return undefined;
  // As python3 itself does with what is piped into it.
  const source = await readAll(process.stdin);
  if (source.trim() === '') throw noScript('nothing is piped into it');
  return { source, file: '<stdin>' };
}

const noScript = (found: string): UsageError =>
  new UsageError({
    asked: 'nxc driver was given no script',
    found,
    todo: "give a file (nxc driver checks.py) or -t for the composition's testScript; in a notebook write Python below %%nxc driver",
  });

function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: Error) => {
    throw new UsageError({ asked: `cannot read the test script ${path}`, found: cause.message, cause });
  });
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function prompt({ ts }: DriverOptions, context: CommandContext): Promise<number> {
  // An error now rather than at the first line.
  await context.manager.require(context.workspace.cwd);
  if (ts) return (await import('./prompt/typescript-prompt.js')).typescriptPrompt(context);
  return (await import('./prompt/python-prompt.js')).pythonPrompt(context);
}
