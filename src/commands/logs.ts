import { styleText } from 'node:util';
import { unitsOfNode } from '../driver/completion/units.js';
import { visible, withSymbolsInColour } from '../visible.js';
import type { Command, CompletionRequest } from './command.js';
import { completeNode } from './complete-targets.js';
import { deploymentOf, deploymentOption, nodesOf } from './deployment-option.js';
import { count } from './options.js';

interface LogsOptions {
  deployment?: string;
  lines?: number;
  follow?: boolean;
}

export const logs: Command<LogsOptions> = {
  name: 'logs',
  summary: 'show what the units of a node logged, and what was written with logger and the like',
  examples: ['logs server', 'logs server web -n 20', 'logs server web -f'],
  configure(program) {
    program
      .argument('<node>', 'node')
      .argument('[unit]', 'unit; default all, and what was written outside of units')
      .option('-n, --lines <n>', 'only the last lines of each unit', count)
      .option('-f, --follow', 'go on until interrupted')
      .option(...deploymentOption);
  },
  complete: async request => [...(await completeNode(request)), ...(await completeUnit(request))],
  async run([target, unit], options, context) {
    const { display, signal } = context;
    const deployment = await deploymentOf(options.deployment, context);
    const nodes = await nodesOf(deployment, target!, context);
    const request = {
      ...(unit === undefined ? {} : { unit }),
      ...(options.lines === undefined ? {} : { lines: options.lines }),
      ...(options.follow ? { follow: true } : {}),
      signal,
    };
    await Promise.all(
      nodes.map(async ({ name }) => {
        const who = nodes.length > 1 ? `${name} ` : '';
        for await (const line of deployment.logs(name, request)) {
          const head = `${line.time ?? ''} ${who}${visible(line.unit)}`.trim();
          display.write(
            `${styleText('dim', `${head}:`, { validateStream: false })} ${withSymbolsInColour(line.text)}\n`,
          );
        }
      }),
    );
    return 0;
  },
};

async function completeUnit({ args, option, context }: CompletionRequest): Promise<readonly string[]> {
  const [node, ...more] = args;
  if (option !== undefined || node === undefined || more.length > 0) return [];
  return unitsOfNode(context, node);
}
