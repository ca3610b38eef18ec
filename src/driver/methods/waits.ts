import { type Method, timeout } from './method.js';

const port = { name: 'port', type: 'number', doc: 'TCP port' } as const;
const addr = {
  name: 'addr',
  type: 'string',
  option: true,
  default: 'localhost',
  doc: 'address to try from the node',
} as const;

export const waitMethods = [
  {
    name: 'waitForOpenPort',
    doc: 'Waits until a TCP connection to a port succeeds.',
    parameters: [port, addr, timeout],
    returns: 'void',
  },
  {
    name: 'waitForClosedPort',
    doc: 'Waits until nothing accepts connections on a port.',
    parameters: [port, addr, timeout],
    returns: 'void',
  },
  {
    name: 'waitForOpenUnixSocket',
    doc: 'Waits until a process of the node listens on a Unix socket.',
    parameters: [
      { name: 'addr', type: 'string', doc: 'path of the socket' },
      {
        name: 'isDatagram',
        type: 'boolean',
        option: true,
        default: false,
        doc: 'a socket of datagrams instead of a stream',
      },
      timeout,
    ],
    returns: 'void',
  },
  {
    name: 'waitForFile',
    doc: 'Waits until a path exists on the node.',
    parameters: [
      {
        name: 'filename',
        type: 'string',
        doc: 'path on the node; a pattern, or what the shell replaces, such as $HOME, also counts as what it stands for',
      },
      timeout,
    ],
    returns: 'void',
  },
] as const satisfies readonly Method[];
