import { command, type Method, noTimeout, timeout } from './method.js';

const commands = { ...command, name: 'commands', variadic: true } as const;

export const commandMethods = [
  {
    name: 'execute',
    doc: 'Runs a command and gives its result, whatever its status is.',
    parameters: [
      command,
      {
        name: 'checkReturn',
        type: 'boolean',
        option: true,
        default: true,
        doc: 'false gives status -1 instead of the real one',
      },
      {
        name: 'checkOutput',
        type: 'boolean',
        option: true,
        default: true,
        doc: 'false starts the command, does not wait for it, and gives status -2 without output',
      },
      timeout,
      {
        name: 'toFile',
        type: 'string',
        option: true,
        doc: 'file here that takes all of stdout, of which the result then keeps the last 1 MiB; of several machines each has its own, with its name before the extension',
      },
    ],
    returns: 'CommandResult',
  },
  {
    name: 'succeed',
    doc: 'Runs commands one after the other and gives their stdout; the first one that fails is an AssertionFailed.',
    parameters: [commands, noTimeout],
    returns: 'string',
  },
  {
    name: 'fail',
    doc: 'Runs commands that must all fail and gives their stdout.',
    parameters: [commands, noTimeout],
    returns: 'string',
  },
  {
    name: 'waitUntilSucceeds',
    doc: 'Repeats a command until its status is 0 and gives the last stdout.',
    parameters: [command, timeout],
    returns: 'string',
  },
  {
    name: 'waitUntilFails',
    doc: 'Repeats a command until its status is not 0 and gives the last stdout.',
    parameters: [command, timeout],
    returns: 'string',
  },
  {
    name: 'sleep',
    doc: 'Lets time pass on the node.',
    parameters: [{ name: 'secs', type: 'number', doc: 'may be a fraction' }],
    returns: 'void',
  },
] as const satisfies readonly Method[];
