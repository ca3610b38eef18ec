import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Option } from 'commander';
import type { CompletionRequest } from './command.js';
import { FOLDER_FLAGS, flagsOf, intoFolder, programOf } from './command-line.js';
import { completeOption } from './complete-option.js';
import { type AnyCommand, type CommandRegistry, loadCommand } from './registry.js';

type Context = CompletionRequest['context'];

/** Candidates for the last word of a command line, `before` being the words before it, the verb first. */
export async function completeCommandLine(
  registry: CommandRegistry,
  context: Context,
  before: readonly string[],
  word: string,
): Promise<string[]> {
  const { cwd } = context.workspace;
  if (before.length === 1 && FOLDER_FLAGS.includes(before[0]!))
    return beginningWith(word, await folders(cwd, word));
  const { workspace, rest: line } = intoFolder(before, context.workspace);
  const [verb, ...rest] = line;
  if (verb === undefined) return beginningWith(word, Object.keys(registry));
  if (verb === 'help') return beginningWith(word, Object.keys(registry));
  if (!Object.hasOwn(registry, verb)) return [];
  return completeWords(await loadCommand(verb, registry), { ...context, workspace }, rest, word);
}

/** The same for a command that is known. */
export async function completeWords(
  command: Pick<AnyCommand, 'name' | 'summary' | 'configure' | 'complete'>,
  context: Context,
  before: readonly string[],
  word: string,
): Promise<string[]> {
  const program = await programOf(command);
  const last = before.at(-1);
  const option = program.options.find(
    one => takesValue(one) && last !== undefined && flagsOf(one).includes(last),
  );
  if (option === undefined && word.startsWith('-')) {
    return beginningWith(word, [...program.options.flatMap(flagsOf), '--help']);
  }
  const args = argumentsIn(before, program.options);
  const request = { before, word, args, context, ...(option?.long ? { option: option.long } : {}) };
  const candidates = [...((await command.complete?.(request)) ?? [])];
  if (option?.long) candidates.push(...(await completeOption(option.long, request)));
  if (option?.argChoices) candidates.push(...option.argChoices);
  const argument = program.registeredArguments[args.length];
  const wanted = option ? option.flags : (argument?.name() ?? '');
  if (/file|folder|path|script|notebook|nix/.test(wanted))
    candidates.push(...(await files(context.workspace.cwd, word)));
  return beginningWith(word, candidates);
}

/** Folders whose path goes on from what was written. */
export async function folders(cwd: string, word: string): Promise<string[]> {
  return (await files(cwd, word)).filter(path => path.endsWith('/'));
}

/** Paths that go on from what was written; folders end with a slash. */
export async function files(cwd: string, word: string): Promise<string[]> {
  const folder = word.endsWith('/') ? word : dirname(word);
  const entries = await readdir(resolve(cwd, folder), { withFileTypes: true }).catch(() => []);
  return entries
    .filter(({ name }) => !name.startsWith('.') || /(^|\/)\.[^/]*$/.test(word))
    .map(entry => {
      const path = folder === '.' && !word.startsWith('./') ? entry.name : `${join(folder, entry.name)}`;
      const kept = word.startsWith('./') ? `./${path}` : path;
      return entry.isDirectory() ? `${kept}/` : kept;
    });
}

const takesValue = (option: Option) => option.required || option.optional;

function argumentsIn(before: readonly string[], options: readonly Option[]): string[] {
  const valued = options.filter(takesValue).flatMap(flagsOf);
  return before.filter((one, i) => !one.startsWith('-') && !valued.includes(before[i - 1] ?? ''));
}

const beginningWith = (word: string, candidates: readonly string[]) => [
  ...new Set(candidates.filter(candidate => candidate.startsWith(word))),
];
