import {
  type CommandContext,
  commandHelp,
  completeCommandLine,
  completeScript,
  completeWords,
  configureScript,
  inspectScript,
  NxcError,
  parseWords,
  runCommandLine,
  runScript,
  type ScriptOptions,
  scriptOptions,
  unknownCommand,
} from '../../../src/index.js';
import { notebookCommands, terminalCommands } from '../../commands.js';
import type { Body, BodyPlace, Magic, MagicCall } from '../magic.js';

const driverSyntax = {
  name: 'nxc driver',
  summary: 'run the cell as Python test script',
  configure: configureScript,
};

export const nxc: Magic = {
  summary: 'a verb of nxc as in a terminal; %%nxc driver runs the cell as Python test script',
  usage: ['%nxc VERB [options]', '%nxc --help', '%%nxc driver'],
  line: async ({ words, context }) => run(await words(), context),
  async cell(call, body) {
    const [verb, ...words] = await call.words();
    if (verb !== 'driver') {
      throw new NxcError({
        asked: `%%nxc ${verb ?? ''} takes no cell`,
        todo: '%%nxc driver runs a cell as Python test script; other verbs are lines: %nxc VERB',
      });
    }
    const parsed = await parseWords<ScriptOptions>(driverSyntax, words, '%%');
    if ('help' in parsed) return call.display.write(parsed.help);
    await driverCell(call, body, parsed.options);
  },
  complete: async ({ notebook, sign, before, word }) => {
    const context = notebook.completionContext();
    if (sign === '%') return completeCommandLine(notebookCommands, context, before, word);
    if (before.length === 0) return ['driver'];
    return before[0] === 'driver' ? completeWords(driverSyntax, context, before.slice(1), word) : [];
  },
  completeBody: async place => {
    if (!isScript(place)) return undefined;
    return completeScript(place.notebook, place.before, place.after);
  },
  inspectBody: async place =>
    isScript(place) ? inspectScript(place.notebook, place.before, place.after) : undefined,
  help: async ([verb]) => {
    const help = await commandHelp(verb, terminalCommands);
    if (verb === undefined || Object.hasOwn(notebookCommands, verb)) return help;
    return help === undefined
      ? unknownCommand(verb, notebookCommands).message
      : `${ofTheTerminal(verb).message}\n\n${help}`;
  },
};

/** A notebook cannot run or register itself: these verbs belong to whoever starts it. */
const ofTheTerminal = (verb: string) =>
  new NxcError({
    asked: `nxc ${verb} is a command of the terminal, not of a notebook`,
    todo: `in a terminal: npx nxc ${verb} (\`npx nxc ${verb} --help\` explains it)`,
  });

const isScript = ({ words }: BodyPlace) => words[0] === 'driver';

async function run(words: readonly string[], context: CommandContext): Promise<void> {
  const [verb] = words;
  if (verb !== undefined && !Object.hasOwn(notebookCommands, verb) && Object.hasOwn(terminalCommands, verb))
    throw ofTheTerminal(verb);
  const status = await runCommandLine(words, context, notebookCommands);
  if (status !== 0) throw new NxcError({ asked: `nxc ${words.join(' ')} ended with status ${status}` });
}

async function driverCell(
  { notebook, cell, display }: MagicCall,
  { text, firstLine }: Body,
  options: ScriptOptions,
): Promise<void> {
  const { status, value } = await runScript({
    source: text,
    file: `In[${cell.executionCount}]`,
    firstLine,
    manager: notebook.manager,
    workspace: notebook.workspace,
    display,
    signal: cell.signal,
    changed: change => void notebook.change(change),
    ...scriptOptions(options, notebook.workspace),
  });
  if (status !== 0) throw new NxcError({ asked: `the script ended with status ${status}` });
  if (!value || cell.silent) return;
  await display.settled();
  cell.output.result(await value.toMimeBundle());
}
