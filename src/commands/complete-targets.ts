import type { CompletionRequest } from './command.js';

type Context = Pick<CompletionRequest['context'], 'manager' | 'workspace'>;

/** For verbs whose first argument is a target. */
export async function completeTargets({ context, word, args, option }: CompletionRequest): Promise<string[]> {
  return option === undefined && args.length === 0 ? targetNames(context, word) : [];
}

/** For verbs whose first argument is one node. */
export async function completeNode({ context, args, option }: CompletionRequest): Promise<string[]> {
  return option === undefined && args.length === 0
    ? (await nodesOfCurrent(context)).map(({ name }) => name)
    : [];
}

/** Nodes and @roles of the current deployment, for the word being written. */
export async function targetNames(context: Context, word: string): Promise<string[]> {
  const nodes = await nodesOfCurrent(context);
  const roles = [...new Set(nodes.map(({ role }) => `@${role}`))];
  return inList(word, [...nodes.map(({ name }) => name), ...roles]);
}

/** The names, each behind what the word has of a comma list. */
export function inList(word: string, names: readonly string[]): string[] {
  const before = word.slice(0, word.lastIndexOf(',') + 1);
  return names.map(name => before + name);
}

async function nodesOfCurrent({ manager, workspace }: Context) {
  return (await manager.current(workspace.cwd))?.nodes ?? [];
}
