import { type Method, timeout } from './method.js';

export const monitorMethods = [
  {
    name: 'sendMonitorCommand',
    doc: 'Sends a command to the QEMU monitor and gives its answer.',
    needs: 'monitor',
    parameters: [{ name: 'command', type: 'string', doc: 'as in the monitor' }],
    returns: 'string',
  },
  {
    name: 'waitForQmpEvent',
    doc: 'Waits for an event of the QEMU monitor.',
    needs: 'monitor',
    parameters: [
      {
        name: 'eventFilter',
        type: 'unknown',
        doc: 'function that is given an event and says whether it is the one',
      },
      { ...timeout, default: 600 },
    ],
    returns: 'Record<string, string>',
  },
  {
    name: 'forwardPort',
    doc: 'Makes a port of the node one of this machine.',
    needs: 'monitor',
    parameters: [
      { name: 'hostPort', type: 'number', default: 8080, doc: 'port here' },
      { name: 'guestPort', type: 'number', default: 80, doc: 'port on the node' },
    ],
    returns: 'void',
  },
  {
    name: 'sendConsole',
    doc: 'Sends text to the serial console.',
    needs: 'console',
    parameters: [{ name: 'chars', type: 'string', doc: 'any text' }],
    returns: 'void',
  },
  {
    name: 'consoleInteract',
    doc: 'Joins the serial console to this terminal.',
    needs: 'console',
    parameters: [],
    returns: 'void',
  },
  {
    name: 'shellInteract',
    doc: 'Joins the shell of the driver to this terminal.',
    needs: 'console',
    parameters: [{ name: 'address', type: 'string', option: true, doc: 'socket to offer it on' }],
    returns: 'void',
  },
  {
    name: 'sshBackdoorCommand',
    doc: 'The ssh command that reaches the machine from outside the test.',
    needs: 'console',
    parameters: [{ name: 'index', type: 'number', doc: 'number of the machine' }],
    returns: 'string',
  },
  {
    name: 'switchRoot',
    doc: 'Goes on from the initial ramdisk to the real root.',
    needs: 'console',
    parameters: [],
    returns: 'void',
  },
] as const satisfies readonly Method[];
