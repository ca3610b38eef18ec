import { type Method, timeout } from './method.js';

export const powerMethods = [
  {
    name: 'start',
    doc: 'Starts a node that is off; resolves when it answers and its units were started.',
    needs: 'power',
    parameters: [
      {
        name: 'allowReboot',
        type: 'boolean',
        option: true,
        default: false,
        doc: 'of virtual machines; nodes may reboot anyway',
      },
    ],
    returns: 'void',
  },
  {
    name: 'shutdown',
    doc: 'Ends the node in order: its units are stopped first.',
    needs: 'power',
    parameters: [],
    returns: 'void',
  },
  {
    name: 'crash',
    doc: 'Ends the node at once, as a power cut does.',
    needs: 'power',
    parameters: [],
    returns: 'void',
  },
  { name: 'reboot', doc: 'shutdown, then start.', needs: 'power', parameters: [], returns: 'void' },
  {
    name: 'waitForShutdown',
    doc: 'Waits until the node is off.',
    parameters: [timeout],
    returns: 'void',
  },
  { name: 'isUp', doc: 'Whether the node runs.', parameters: [], returns: 'boolean' },
  {
    name: 'connect',
    doc: 'Waits until the node answers.',
    parameters: [timeout],
    returns: 'void',
  },
  {
    name: 'release',
    doc: 'Does nothing: nodes belong to the deployment, which nxc stop ends.',
    parameters: [],
    returns: 'void',
  },
  {
    name: 'block',
    doc: 'Unplugs the node from its network: all its links but the loopback go down.',
    needs: 'network',
    parameters: [],
    returns: 'void',
  },
  {
    name: 'unblock',
    doc: 'Plugs it in again, with the routes that it had.',
    needs: 'network',
    parameters: [],
    returns: 'void',
  },
] as const satisfies readonly Method[];
