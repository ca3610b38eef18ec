import type { CommandContext } from './command.js';

/** Warns of the records through which nothing can be done; of one project, or of all on this machine. Returns their number. */
export async function warnOfUnusable(
  { manager, display }: Pick<CommandContext, 'manager' | 'display'>,
  directory?: string,
): Promise<number> {
  const unusable = await manager.unusable(directory);
  for (const { error } of unusable) display.write(`warning: ${error.message}\n`, 'stderr');
  return unusable.length;
}
