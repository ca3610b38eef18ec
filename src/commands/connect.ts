import { constants } from 'node:os';
import { execa } from 'execa';
import type { Deployment } from '../deployment/deployment.js';
import { InterruptedError, NxcError } from '../errors.js';
import type { Command, CommandContext } from './command.js';
import { completeNode } from './complete-targets.js';
import { deploymentOf, deploymentOption, nodesOf } from './deployment-option.js';
import { runOnNodes } from './run-on-nodes.js';
import { resumeShell } from './shell-state.js';

interface ConnectOptions {
  deployment?: string;
  user?: string;
}

export const connect: Command<ConnectOptions> = {
  name: 'connect',
  summary: 'open a shell on a node',
  examples: ['connect server', 'connect -l alice client1'],
  configure(program) {
    program
      .argument('[node]', 'node; may be left out when there is only one')
      .option('-l, --user <user>', 'user on the node')
      .option(...deploymentOption);
  },
  complete: completeNode,
  async run([target], options, context) {
    const deployment = await deploymentOf(options.deployment, context);
    const node = await oneNode(deployment, target, context);
    return context.front === 'terminal'
      ? ttyShell(deployment, node, options, context)
      : lineShell(deployment, node, options, context);
  },
};

async function oneNode(
  deployment: Deployment,
  target: string | undefined,
  context: CommandContext,
): Promise<string> {
  const nodes = target === undefined ? deployment.nodes : await nodesOf(deployment, target, context);
  if (nodes.length === 1) return nodes[0]!.name;
  throw new NxcError({
    asked:
      target === undefined ? 'connect needs to know which node' : `"${target}" means ${nodes.length} nodes`,
    found: nodes.map(({ name }) => name).join(', '),
    todo: 'name one of them: `nxc connect NODE`; for a command on all of them there is `nxc exec`',
  });
}

/** Programs that open shells have words of their own for a node that is not there. */
async function requireUp(deployment: Deployment, node: string): Promise<void> {
  const { state, detail } = (await deployment.status()).find(({ name }) => name === node)!;
  if (!['gone', 'off', 'paused'].includes(state)) return;
  throw new NxcError({
    asked: `there is no shell on node ${node}: it is ${state}`,
    ...(detail === undefined ? {} : { found: detail }),
    todo: state === 'paused' ? `nxc fault resume ${node}` : `boot it with \`nxc start ${node}\``,
  });
}

/** The terminal itself is handed to the node; Ctrl-C belongs to the shell there. */
async function ttyShell(
  deployment: Deployment,
  node: string,
  { user }: ConnectOptions,
  { workspace }: CommandContext,
): Promise<number> {
  await requireUp(deployment, node);
  const [program, ...args] = deployment.transport(node).shellCommand({
    ...(user === undefined ? {} : { user }),
    // Lines out of a pipe are a script: no prompts, no echo.
    ...(process.stdin.isTTY ? {} : { command: ['bash', '--norc'] }),
  });
  const ignore = () => {};
  process.on('SIGINT', ignore);
  try {
    const options = { stdio: 'inherit', cwd: workspace.cwd, env: workspace.env, extendEnv: false } as const;
    const result = await execa(program!, args, { ...options, reject: false });
    if (result.signal) return 128 + constants.signals[result.signal];
    if (result.exitCode === undefined) throw result;
    return result.exitCode;
  } finally {
    process.off('SIGINT', ignore);
  }
}

/** Line by line over the notebook's stdin: no TTY, so no editors or pagers, but the directory and variables last. */
async function lineShell(
  deployment: Deployment,
  node: string,
  { user }: ConnectOptions,
  context: CommandContext,
): Promise<number> {
  const session = `shell-${process.pid}`;
  const nodes = deployment.nodes.filter(({ name }) => name === node);
  let status = 0;
  context.display.write(`Lines go to ${node}; \`exit\` ends it.\n`);
  for (;;) {
    const line = await context.display.ask(`${node}$ `, { signal: context.signal });
    if (context.signal.aborted) throw new InterruptedError();
    const exit = /^\s*exit(?:\s+(\d+))?\s*;?\s*$/.exec(line);
    if (exit) return Number(exit[1] ?? 0) % 256;
    if (line.trim() === '') continue;
    const [result] = await runOnNodes(
      {
        deployment,
        nodes,
        script: resumeShell(line, { deployment, node, session, status }),
        shownAs: line,
        ...(user === undefined ? {} : { user }),
      },
      context,
    );
    status = result?.status ?? 0;
  }
}
