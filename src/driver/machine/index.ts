/** What a machine can do: a function for each method of the table, a file for each of its chapters. */
import type { Machine } from '../machine.js';
import type { CommonMethodName } from '../methods.js';
import { commands } from './commands.js';
import { files } from './files.js';
import { logs } from './logs.js';
import { power } from './power.js';
import { units } from './units.js';
import { waits } from './waits.js';

type Implementation = (machine: Machine, ...args: unknown[]) => Promise<unknown>;

const implementations = {
  ...commands,
  ...units,
  ...waits,
  ...files,
  ...logs,
  ...power,
} satisfies Record<CommonMethodName, (machine: Machine, ...args: never[]) => Promise<unknown>>;

export const implementationOf = (name: CommonMethodName): Implementation =>
  implementations[name] as Implementation;
