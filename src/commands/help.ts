import { type CommandRegistry, loadCommand } from './registry.js';

/** The page of `nxc` without a verb. */
export async function overview(registry: CommandRegistry): Promise<string> {
  const names = Object.keys(registry);
  const commands = await Promise.all(names.map(name => loadCommand(name, registry)));
  const width = Math.max(...names.map(name => name.length));
  return [
    'NixOS Compose: describe, build, start, drive and measure a distributed system.',
    '',
    'Usage: nxc [-d FOLDER] COMMAND [options]        in a notebook: %nxc COMMAND [options]',
    '',
    'Commands:',
    ...commands.map(command => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    '`nxc COMMAND --help` explains one command.',
    '',
  ].join('\n');
}
