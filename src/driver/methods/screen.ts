import { type Method, regex, timeout } from './method.js';

const tty = { name: 'tty', type: 'string', doc: 'number of a virtual console' } as const;
const delay = {
  name: 'delay',
  type: 'number',
  option: true,
  default: 0.01,
  doc: 'seconds after each key',
} as const;

export const screenMethods = [
  {
    name: 'screenshot',
    doc: 'Takes a picture of the screen.',
    needs: 'screen',
    parameters: [{ name: 'filename', type: 'string', doc: 'file here' }],
    returns: 'void',
  },
  {
    name: 'getScreenText',
    doc: 'Text on the screen, by OCR.',
    needs: 'screen',
    parameters: [],
    returns: 'string',
  },
  {
    name: 'getScreenTextVariants',
    doc: 'The same as several readings.',
    needs: 'screen',
    parameters: [],
    returns: 'string[]',
  },
  {
    name: 'waitForText',
    doc: 'Waits until the text on the screen matches.',
    needs: 'screen',
    parameters: [regex, timeout],
    returns: 'void',
  },
  {
    name: 'waitForX',
    doc: 'Waits until an X server runs.',
    needs: 'screen',
    parameters: [timeout],
    returns: 'void',
  },
  {
    name: 'getWindowNames',
    doc: 'Names of the windows of the X server.',
    needs: 'screen',
    parameters: [],
    returns: 'string[]',
  },
  {
    name: 'waitForWindow',
    doc: 'Waits until the name of a window matches.',
    needs: 'screen',
    parameters: [{ ...regex, name: 'regexp' }, timeout],
    returns: 'void',
  },
  {
    name: 'sendKey',
    doc: 'Presses a key.',
    needs: 'screen',
    parameters: [
      { name: 'key', type: 'string', doc: 'such as ctrl-alt-delete' },
      delay,
      { name: 'log', type: 'boolean', option: true, default: true, doc: 'say so in the output' },
    ],
    returns: 'void',
  },
  {
    name: 'sendChars',
    doc: 'Types text.',
    needs: 'screen',
    parameters: [{ name: 'chars', type: 'string', doc: 'any text' }, delay],
    returns: 'void',
  },
  {
    name: 'getTtyText',
    doc: 'Text of a virtual console.',
    needs: 'screen',
    parameters: [tty],
    returns: 'string',
  },
  {
    name: 'waitUntilTtyMatches',
    doc: 'Waits until the text of a virtual console matches.',
    needs: 'screen',
    parameters: [tty, { ...regex, name: 'regexp' }, timeout],
    returns: 'void',
  },
  {
    name: 'dumpTtyContents',
    doc: 'Prints the text of a virtual console.',
    needs: 'screen',
    parameters: [tty],
    returns: 'void',
  },
] as const satisfies readonly Method[];
