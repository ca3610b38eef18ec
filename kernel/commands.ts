import { type CommandRegistry, commands } from '../src/index.js';

/** What the terminal's `nxc` knows besides the verbs of the deployment manager: notebooks and the kernel itself. */
export const terminalCommands: CommandRegistry = {
  ...commands,
  run: async () => (await import('./runner/run-command.js')).runCommand,
  report: async () => (await import('./runner/report-command.js')).reportCommand,
  kernel: async () => (await import('./kernelspec/command.js')).kernelCommand,
};
