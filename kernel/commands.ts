import { type CommandRegistry, commands } from '../src/index.js';

/** What `%nxc` knows in a notebook: the verbs of the deployment manager, and the notebook as a page. */
export const notebookCommands: CommandRegistry = {
  ...commands,
  report: async () => (await import('./runner/report-command.js')).reportCommand,
};

/** What the terminal's `nxc` knows besides: to run notebooks, and the kernel itself. */
export const terminalCommands: CommandRegistry = {
  ...notebookCommands,
  run: async () => (await import('./runner/run-command.js')).runCommand,
  kernel: async () => (await import('./kernelspec/command.js')).kernelCommand,
};
