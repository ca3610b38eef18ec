import { resolve } from 'node:path';
import type { Command as Commander, Option } from 'commander';
import { InterruptedError } from '../errors.js';
import { nearest } from '../suggest.js';
import type { CommandContext, Workspace } from './command.js';
import { overview } from './help.js';
import { type AnyCommand, type CommandRegistry, commands, loadCommand } from './registry.js';
import { UsageError } from './usage-error.js';

/**
 * Runs `VERB …` as the terminal and `%nxc` give it; resolves to the exit status. Throws NxcError for what the user can mend.
 * `-d FOLDER` before the verb works in that folder, as upstream's does.
 */
export async function runCommandLine(
  words: readonly string[],
  context: CommandContext,
  registry: CommandRegistry = commands,
): Promise<number> {
  const { workspace, rest } = intoFolder(words, context.workspace);
  const [verb, ...argv] = rest;
  if (verb === undefined || verb === 'help' || verb === '--help' || verb === '-h') {
    const about = argv[0];
    if (verb === 'help' && about) return runCommandLine([about, '--help'], context, registry);
    context.display.write(await overview(registry));
    return 0;
  }
  const command = await loadCommand(verb, registry);
  return runCommand(command, argv, { ...context, workspace });
}

async function runCommand(
  command: AnyCommand,
  argv: readonly string[],
  context: CommandContext,
): Promise<number> {
  const parsed = await parseWords(command, argv);
  if ('help' in parsed) {
    context.display.write(parsed.help);
    return 0;
  }
  if (context.signal.aborted) throw new InterruptedError();
  return (await command.run(parsed.args, parsed.options, context)) ?? 0;
}

/** What is needed of a command to parse its words and to explain it. */
export type Syntax = Pick<AnyCommand, 'name' | 'summary' | 'configure' | 'examples'>;

/** The words as arguments and options, or the help page when that is what they ask for. */
export async function parseWords<Options extends object>(
  syntax: Syntax,
  words: readonly string[],
  invocation = 'nxc ',
): Promise<{ args: readonly string[]; options: Options } | { help: string }> {
  const program = await programOf(syntax, invocation);
  let help = '';
  program.configureOutput({
    writeOut: text => {
      help += text;
    },
    writeErr: () => {},
  });
  const { CommanderError } = await import('commander');
  try {
    program.parse([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { help };
    throw usageError(program, error.message, error.code);
  }
  return { args: program.args, options: program.opts<Options>() };
}

/** The parser of a command, with its options declared; its help reads the same wherever it is shown. */
export async function programOf(syntax: Syntax, invocation = 'nxc '): Promise<Commander> {
  const { Command } = await import('commander');
  const program = new Command(`${invocation}${syntax.name}`)
    .description(syntax.summary)
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureHelp({ helpWidth: 96 });
  syntax.configure?.(program);
  if (syntax.examples?.length) {
    const lines = syntax.examples.map(line => `  ${invocation}${line}`);
    program.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
  }
  return program;
}

function usageError(program: Commander, message: string, code: string): UsageError {
  const unknown = code === 'commander.unknownOption' ? message.match(/'(-[^']*)'/)?.[1] : undefined;
  const takesCommand = program.registeredArguments.some(argument => argument.name() === 'command');
  return new UsageError({
    asked: `${program.name()}: ${message.replace(/^error: /, '').replaceAll("'", '"')}`,
    // One letter is near to every other one.
    ...(unknown?.startsWith('--') ? { nearest: nearest(unknown, program.options.flatMap(flagsOf)) } : {}),
    todo:
      unknown && takesCommand
        ? `if it belongs to the command, put -- before the command: ${program.name()} NODE -- COMMAND ${unknown}`
        : `see \`${program.name()} --help\``,
  });
}

/** Every way to write the option: `-f`, `--flavour`. */
export const flagsOf = (option: Option): string[] =>
  [option.short, option.long].filter(flag => flag !== undefined && flag !== null);

/** Before the verb, with a folder behind them. */
export const FOLDER_FLAGS: readonly string[] = ['-d', '--envdir'];

/** The workspace that the words before the verb choose, and the words from the verb on. */
export function intoFolder(
  words: readonly string[],
  workspace: Workspace,
): { workspace: Workspace; rest: readonly string[] } {
  const [flag, folder, ...rest] = words;
  if (flag === undefined || !FOLDER_FLAGS.includes(flag)) return { workspace, rest: words };
  if (folder === undefined) throw new UsageError({ asked: `${flag} needs a folder` });
  return { workspace: { ...workspace, cwd: resolve(workspace.cwd, folder) }, rest };
}

/** The page of one verb, of all of them without one; undefined for a verb that does not exist. */
export async function commandHelp(
  verb: string | undefined,
  registry: CommandRegistry = commands,
): Promise<string | undefined> {
  if (verb === undefined) return overview(commands);
  if (!Object.hasOwn(registry, verb)) return undefined;
  return (await programOf(await loadCommand(verb, registry))).helpInformation();
}
