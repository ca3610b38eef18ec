import type { CompletionRequest } from './command.js';

/** Nodes and @roles of the current deployment, for the word being written; the last part of a comma list counts. */
export async function completeTargets({
  context,
  word,
  before,
  option,
}: CompletionRequest): Promise<string[]> {
  if (option !== undefined || before.some(one => !one.startsWith('-'))) return [];
  return targetNames(context, word);
}

export async function targetNames(
  { manager, workspace }: Pick<CompletionRequest['context'], 'manager' | 'workspace'>,
  word: string,
): Promise<string[]> {
  const current = await manager.current(workspace.cwd);
  if (!current) return [];
  const list = word.slice(0, word.lastIndexOf(',') + 1);
  const roles = [...new Set(current.nodes.map(({ role }) => `@${role}`))];
  return [...current.nodes.map(({ name }) => name), ...roles].map(name => list + name);
}
