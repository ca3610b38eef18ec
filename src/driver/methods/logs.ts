import { type Method, noTimeout, regex } from './method.js';

export const logMethods = [
  {
    name: 'getConsoleLog',
    doc: 'What the node and its units have logged since it was started, a line each.',
    parameters: [],
    returns: 'string',
  },
  {
    name: 'waitForConsoleText',
    doc: 'Waits until a line of the log matches; lines that are there already count.',
    parameters: [regex, noTimeout],
    returns: 'void',
  },
  {
    name: 'log',
    doc: "Writes a line to the cell's output, with the node's name.",
    parameters: [{ name: 'message', type: 'string', doc: 'any text' }],
    returns: 'void',
  },
] as const satisfies readonly Method[];
