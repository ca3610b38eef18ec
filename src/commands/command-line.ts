import { resolve } from 'node:path';
import type { Command as Commander, Option } from 'commander';
import { nearest } from '../suggest.js';
import type { CommandContext } from './command.js';
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
  const { folder, rest } = leadingFolder(words);
  const [verb, ...argv] = rest;
  if (verb === undefined || verb === 'help' || verb === '--help' || verb === '-h') {
    const about = argv[0];
    if (verb === 'help' && about) return runCommandLine([about, '--help'], context, registry);
    context.display.write(await overview(registry));
    return 0;
  }
  const command = await loadCommand(verb, registry);
  const workspace = folder
    ? { ...context.workspace, cwd: resolve(context.workspace.cwd, folder) }
    : context.workspace;
  return runCommand(command, argv, { ...context, workspace });
}

async function runCommand(
  command: AnyCommand,
  argv: readonly string[],
  context: CommandContext,
): Promise<number> {
  const program = await programOf(command);
  program.configureOutput({ writeOut: text => context.display.write(text), writeErr: () => {} });
  const { CommanderError } = await import('commander');
  try {
    program.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw usageError(command.name, program, error.message, error.code);
  }
  context.signal.throwIfAborted();
  return (await command.run(program.args, program.opts(), context)) ?? 0;
}

/** The parser of a command, with its options declared; its help reads the same wherever it is shown. */
export async function programOf(command: AnyCommand): Promise<Commander> {
  const { Command } = await import('commander');
  const program = new Command(`nxc ${command.name}`)
    .description(command.summary)
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureHelp({ helpWidth: 96 });
  command.configure?.(program);
  if (command.examples?.length) {
    program.addHelpText('after', `\nExamples:\n${command.examples.map(line => `  nxc ${line}`).join('\n')}`);
  }
  return program;
}

function usageError(verb: string, program: Commander, message: string, code: string): UsageError {
  const asked = `nxc ${verb}: ${message.replace(/^error: /, '').replaceAll("'", '"')}`;
  const unknown = code === 'commander.unknownOption' ? message.match(/'(-[^']*)'/)?.[1] : undefined;
  return new UsageError({
    asked,
    ...(unknown ? { nearest: nearest(unknown, program.options.flatMap(flagsOf)) } : {}),
    todo: `see \`nxc ${verb} --help\``,
  });
}

/** Every way to write the option: `-f`, `--flavour`. */
export const flagsOf = (option: Option): string[] =>
  [option.short, option.long].filter(flag => flag !== undefined && flag !== null);

function leadingFolder(words: readonly string[]): { folder?: string; rest: readonly string[] } {
  if (words[0] !== '-d' && words[0] !== '--envdir') return { rest: words };
  if (words[1] === undefined) throw new UsageError({ asked: `${words[0]} needs a folder` });
  return { folder: words[1], rest: words.slice(2) };
}
