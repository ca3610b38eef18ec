import type { CommandContext } from '../command.js';

/** What a prompt says first: which machines are there, and the keys. */
export async function greeting(language: string, { manager, workspace }: CommandContext): Promise<string> {
  const names = (await manager.require(workspace.cwd)).nodes.map(({ name }) => name);
  const shown =
    names.length > 8 ? `${names.slice(0, 8).join(', ')}, … (${names.length} in all)` : names.join(', ');
  return `${language} with ${shown}. Tab completes, Ctrl-C interrupts, Ctrl-D ends.\n`;
}
