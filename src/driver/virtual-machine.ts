import { CallError } from './calls.js';

/** Methods by what they need of a virtual machine, and what there is instead. */
const groups = [
  {
    needs: 'a power switch',
    methods: ['start', 'shutdown', 'waitForShutdown', 'crash', 'reboot', 'switchRoot'],
    todo: 'nodes start and stop together: nxc start, nxc stop',
  },
  {
    needs: 'a screen and a keyboard',
    methods:
      `screenshot getScreenText getScreenTextVariants waitForText waitForX getWindowNames waitForWindow sendKey
    sendChars getTtyText dumpTtyContents waitUntilTtyMatches`.split(/\s+/),
    todo: 'run commands: execute, succeed, waitUntilSucceeds',
  },
  {
    needs: 'a serial console',
    methods: ['getConsoleLog', 'waitForConsoleText', 'sendConsole', 'consoleInteract', 'shellInteract'],
    todo: 'read logs with nxc logs, open a shell with nxc connect',
  },
  {
    needs: 'a QEMU monitor',
    methods: ['sendMonitorCommand', 'waitForQmpEvent', 'block', 'unblock', 'forwardPort'],
    todo: 'run commands: execute, succeed',
  },
] as const;

/**
 * Methods of the NixOS test driver that only a virtual machine can have (nxc-contract section 10). They are there, so that
 * a ported script learns what is the matter.
 */
export const virtualMethods: readonly string[] = groups.flatMap(({ methods }) => methods);

/** Why nodes of this flavour do not have that method of a virtual machine. */
export function needsVirtualMachine(method: string, flavour: string): CallError {
  const { needs, todo } = groups.find(({ methods }) => (methods as readonly string[]).includes(method))!;
  return new CallError({
    asked: `${method} needs ${needs}, and nodes of flavour ${flavour} have none`,
    found: 'the flavours vm and vm-ramdisk will have it',
    todo,
  });
}
