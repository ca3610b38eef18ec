import { resolve } from 'node:path';
import { addAbortSignal } from 'node:stream';
import { formatDuration } from '../duration.js';
import { InterruptedError } from '../errors.js';
import { quote } from '../process/quote.js';
import type { Command, Workspace } from './command.js';
import { completeTargets } from './complete-targets.js';
import { deploymentOf, deploymentOption, nodesOf } from './deployment-option.js';
import { count, duration } from './options.js';
import { runOnNodes, throwIfFailed } from './run-on-nodes.js';
import { UsageError } from './usage-error.js';

export interface ExecCommandOptions {
  timeout?: number;
  user?: string;
  keepGoing?: boolean;
  maxParallel?: number;
  to?: string;
}

interface TerminalExecOptions extends ExecCommandOptions {
  deployment?: string;
  stdin?: boolean;
}

/** A command that was stopped by its time limit ends with this status, as coreutils' timeout does. */
const TIMED_OUT = 124;

export const exec: Command<TerminalExecOptions> = {
  name: 'exec',
  summary: 'run a command on nodes; its exit status is passed on',
  examples: [
    'exec foo -- uname -a',
    "exec @client -- 'curl -s http://server | wc -c'",
    'exec "*" --keep-going -- true',
    "exec foo -i -- 'tar x -C /srv' < site.tar",
  ],
  configure(program) {
    configureExec(program);
    program
      .option(...deploymentOption)
      .option('-i, --stdin', 'give the command what stands on the standard input here, read to its end first')
      .argument('<target>', 'nodes: names, @role, globs, comma lists')
      .argument('<command...>', 'one word is a line for bash, several are a program and its arguments');
  },
  complete: completeTargets,
  async run([target, ...words], options, context) {
    const deployment = await deploymentOf(options.deployment, context);
    if (options.stdin && context.front === 'notebook') {
      throw new UsageError({
        asked: 'a cell has no standard input',
        todo: 'copy the file, or write it in the command',
      });
    }
    const stdin = options.stdin ? await readStdin(context.signal) : undefined;
    const script = words.length === 1 ? words[0]! : words.map(quote).join(' ');
    const results = await runOnNodes(
      {
        ...runOptions(options, context.workspace),
        deployment,
        nodes: await nodesOf(deployment, target!, context),
        script,
        ...(stdin && { stdin }),
      },
      context,
    );
    if (context.front === 'notebook') throwIfFailed(results);
    const failed = results.find(({ status }) => status !== 0);
    if (!failed) return 0;
    if (!failed.timedOut) return failed.status;
    // Of several nodes the table says it.
    if (results.length === 1)
      context.display.write(`${failed.node}: killed after ${formatDuration(options.timeout!)}\n`, 'stderr');
    return TIMED_OUT;
  },
};

async function readStdin(signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of addAbortSignal(signal, process.stdin)) chunks.push(chunk as Buffer);
  } catch (error) {
    throw signal.aborted ? new InterruptedError() : error;
  }
  return Buffer.concat(chunks);
}

/** Options that the terminal's `exec` and a cell on nodes share. */
export function configureExec(program: Parameters<NonNullable<Command['configure']>>[0]): void {
  program
    .option('--timeout <time>', 'kill the command after this time: 10s, 500ms, 2m', duration)
    .option('-u, --user <user>', 'user on the node')
    .option('--keep-going', 'let the other nodes go on when one fails')
    .option('--max-parallel <n>', 'nodes at a time; default 256', count)
    .option(
      '--to <file>',
      'write stdout to this file; of several nodes a file each: out.log becomes out.NODE.log',
    );
}

/** The same options for `runOnNodes`. */
export function runOptions(options: ExecCommandOptions, { cwd }: Pick<Workspace, 'cwd'>) {
  return {
    ...(options.timeout === undefined ? {} : { timeoutMs: options.timeout }),
    ...(options.user === undefined ? {} : { user: options.user }),
    ...(options.keepGoing ? { keepGoing: true } : {}),
    ...(options.maxParallel === undefined ? {} : { maxParallel: options.maxParallel }),
    ...(options.to === undefined ? {} : { toFile: resolve(cwd, options.to) }),
  };
}
