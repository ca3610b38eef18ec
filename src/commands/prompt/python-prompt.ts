/** The prompts of `nxc driver` in a terminal: Python here, TypeScript beside it. */

import type { Display } from '../../display/display.js';
import { completeScript, isCompleteScript, runScript } from '../../driver/script.js';
import { NxcError } from '../../errors.js';
import { sharedController } from '../../shared-signal.js';
import type { CommandContext } from '../command.js';
import { greeting } from './greeting.js';
import { historyFile, historySize, readHistory, writeHistory } from './history.js';
import { Lines } from './lines.js';

/** Runs what a person types until Ctrl-D or `exit()`; gives the exit status. */
export async function pythonPrompt(context: CommandContext): Promise<number> {
  const { workspace, signal } = context;
  const file = historyFile('python', workspace.env);
  let running: AbortController | undefined;
  let source = '';
  const lines: Lines = new Lines({
    history: await readHistory(file),
    historySize,
    complete: line => complete(context, source, line),
    interrupt: () => {
      if (running) running.abort();
      else {
        source = '';
        lines.clear();
      }
    },
  });
  const display = answeredBy(lines, context.display);
  signal.addEventListener('abort', () => lines.close());
  context.display.write(await greeting('Python', context));
  try {
    for (let count = 1; ; ) {
      const line = await lines.next(source === '' ? '>>> ' : '... ');
      if (line === undefined) return 0;
      source += `${line}\n`;
      if (source.trim() === '') source = '';
      if (source === '' || !(await isCompleteScript(context, source))) continue;
      running = sharedController();
      const status = await run({ ...context, display, signal: running.signal }, source, `In[${count++}]`);
      running = undefined;
      source = '';
      if (status !== undefined) return status;
    }
  } finally {
    lines.close();
    await writeHistory(file, lines.history);
  }
}

/** An exit status when the code asks to leave. */
async function run(context: CommandContext, source: string, file: string): Promise<number | undefined> {
  const { manager, workspace, display, signal } = context;
  try {
    const { status, exited, value } = await runScript({ source, file, manager, workspace, display, signal });
    if (value) display.show(value);
    return exited ? status : undefined;
  } catch (error) {
    display.write(`${error instanceof NxcError ? error.message : (error as Error).stack}\n`, 'stderr');
    return undefined;
  }
}

async function complete(context: CommandContext, above: string, line: string): Promise<[string[], string]> {
  if (line.trim() === '') return [[`${line}    `], line];
  const { word, matches } = await completeScript(context, above + line, '');
  return [matches.map(({ text }) => text), word];
}

/** Questions of scripts are asked at the prompt, which has the terminal already. */
function answeredBy(lines: Lines, display: Display): Display {
  return {
    write: (text, stream) => display.write(text, stream),
    show: content => display.show(content),
    ask: async prompt => {
      const line = await lines.next(prompt);
      if (line === undefined) throw new NxcError({ asked: `there was no answer to: ${prompt.trim()}` });
      return line;
    },
  };
}
