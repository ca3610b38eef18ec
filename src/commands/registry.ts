/**
 * The verbs: one file each beside this one and one line here. By that a verb is a terminal command, a `%nxc` magic,
 * a completion and a help page.
 */
import { NxcError } from '../errors.js';
import { nearest } from '../suggest.js';
import type { Command } from './command.js';

/** Any command, whatever its options are. */
export type AnyCommand = Command<object>;

/** Commands by name, loaded when asked for. */
export type CommandRegistry = Readonly<Record<string, () => Promise<AnyCommand>>>;

/** In the order in which a person meets them, which is the help page's. */
export const commands: CommandRegistry = {
  init: async () => (await import('./init.js')).init,
  build: async () => (await import('./build.js')).build,
  start: async () => (await import('./start.js')).start,
  status: async () => (await import('./status.js')).status,
  exec: async () => (await import('./exec.js')).exec,
  connect: async () => (await import('./connect.js')).connect,
  driver: async () => (await import('./driver.js')).driver,
  net: async () => (await import('./net.js')).net,
  fault: async () => (await import('./fault.js')).fault,
  plot: async () => (await import('./plot.js')).plot,
  metrics: async () => (await import('./metrics.js')).metrics,
  logs: async () => (await import('./logs.js')).logs,
  stop: async () => (await import('./stop.js')).stop,
  clean: async () => (await import('./clean.js')).clean,
  eval: async () => (await import('./eval.js')).evaluate,
  helper: async () => (await import('./helper.js')).helper,
  doctor: async () => (await import('./doctor.js')).doctor,
};

export async function loadCommand(name: string, registry: CommandRegistry): Promise<AnyCommand> {
  const load = Object.hasOwn(registry, name) ? registry[name] : undefined;
  if (load) return load();
  throw unknownCommand(name, registry);
}

export function unknownCommand(name: string, registry: CommandRegistry): NxcError {
  const known = Object.keys(registry);
  return new NxcError({
    asked: `there is no command "${name}"`,
    nearest: nearest(name, known),
    found: `commands are ${known.join(', ')}`,
  });
}
