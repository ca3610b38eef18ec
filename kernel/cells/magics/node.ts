import {
  type Command,
  collect,
  completeTargets,
  completeWords,
  configureExec,
  deploymentOf,
  deploymentOption,
  type ExecCommandOptions,
  metricsOf,
  type Node,
  nodesOf,
  parseWords,
  programOf,
  resumeShell,
  runOnNodes,
  runOptions,
  throwIfFailed,
} from '../../../src/index.js';
import { variableNameFault } from '../../variable-name.js';
import { interpolatedScript } from '../interpolate.js';
import { Language } from '../language.js';
import type { Body, Magic, MagicCall } from '../magic.js';
import { metricPattern } from '../metric-pattern.js';
import { MagicError } from '../words.js';

interface NodeOptions extends ExecCommandOptions {
  deployment?: string;
  lang?: string;
  var?: string;
  metric?: string[];
  background?: boolean;
  fresh?: boolean;
}

const syntax: Pick<Command<NodeOptions>, 'name' | 'summary' | 'configure' | 'complete' | 'examples'> = {
  name: 'node',
  summary: 'run the cell on nodes of the deployment; a status other than 0 is an error of the cell',
  examples: [
    'node foo',
    'node @client --var results',
    "node '*' --keep-going --timeout 10s",
    'node server --lang python3',
  ],
  configure(program) {
    program.argument('<target>', 'nodes: names, @role, globs, comma lists');
    configureExec(program);
    program
      .option(...deploymentOption)
      .option(
        '--lang <program>',
        'run the cell with this program of the node instead of bash: python3, node …',
      )
      .option(
        '--var <name>',
        'keep the results in this TypeScript variable: an array, an entry for each node',
      )
      .option(
        '--metric <name=regex>',
        'record a point for each line of output that matches (repeatable)',
        collect,
      )
      .option('--background', 'do not wait; output still comes here')
      .option('--fresh', 'begin in a new shell, not where the last cell on this node ended');
  },
  complete: completeTargets,
};

export const node: Magic = {
  summary: 'run the cell on nodes of the deployment',
  usage: ['%%node TARGET [options]', '%%node foo', '%%node @client --var results'],
  async cell(call, body) {
    const parsed = await parseWords<NodeOptions>(syntax, await call.words(), '%%');
    if ('help' in parsed) return call.display.write(parsed.help);
    const { args, options } = parsed;
    checkVariable(options.var, call.notebook);
    if (!options.background) return run(args[0]!, options, call, body, call.cell.signal);
    call.notebook.inBackground(call.display, signal => run(args[0]!, options, call, body, signal));
  },
  complete: ({ notebook, before, word }) => completeWords(syntax, notebook.completionContext(), before, word),
  help: async () => (await programOf(syntax, '%%')).helpInformation(),
};

async function run(
  target: string,
  options: NodeOptions,
  { notebook, display }: MagicCall,
  body: Body,
  signal: AbortSignal,
): Promise<void> {
  const language = options.lang === undefined ? undefined : new Language(options.lang);
  const deployment = await deploymentOf(options.deployment, notebook);
  const nodes = await nodesOf(deployment, target, notebook);
  const inSession = (script: string, { name }: Node) =>
    options.fresh ? script : resumeShell(script, { deployment, node: name, session: 'cell' });
  // Braces of other languages are theirs: values reach them by the environment.
  const isShell = language?.isShell ?? true;
  const text = isShell ? await interpolatedScript(body.text, notebook.lookup) : body.text;
  const patterns = (options.metric ?? []).map(metricPattern);
  const user = options.user === undefined ? {} : { user: options.user };
  await language?.check(deployment, nodes, inSession, { signal, ...user });
  const script = language?.script(text) ?? text;
  const results = await runOnNodes(
    {
      ...runOptions(options, notebook.workspace),
      deployment,
      nodes,
      script: node => inSession(script, node),
      shownAs: text,
      onLine({ name }, line) {
        for (const { metric, match } of patterns) {
          const value = match(line);
          if (value !== undefined) metricsOf(notebook.manager).record(metric, value, { node: name });
        }
      },
    },
    { display, signal },
  );
  if (options.var !== undefined) await notebook.bindResults(options.var, results);
  throwIfFailed(results);
}

function checkVariable(name: string | undefined, notebook: MagicCall['notebook']): void {
  if (name === undefined) return;
  const fault = variableNameFault(name);
  const taken = fault ? undefined : takenBy(name, notebook);
  if (fault || taken) {
    throw new MagicError({
      asked: `--var ${name}: that is ${taken ? 'the name of something else' : 'not a valid name of a variable'}`,
      found: fault ?? taken!,
      todo: 'write --var results, or another name that is free',
    });
  }
}

/** Who has the name already and would be hidden from all cells. */
function takenBy(name: string, notebook: MagicCall['notebook']): string | undefined {
  if (notebook.ownNames().has(name)) return `cells have ${name} from the kernel`;
  return name in globalThis ? `JavaScript has ${name} in every scope` : undefined;
}
