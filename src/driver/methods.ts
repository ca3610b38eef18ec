/**
 * The one table of what a machine can do. The TypeScript client, the Python symbols, completion and the reference
 * are made from it; a new method is an entry here and a method of the same name in machine.ts. Vocabulary and
 * meaning are the NixOS test driver's (nixos/lib/test-driver in nixpkgs; upstream's driver/machine.py); durations are in seconds as there.
 */
export interface Parameter {
  name: string;
  type: 'string' | 'number' | 'boolean';
  doc: string;
  /** Takes the rest of the positional arguments; at least one. */
  variadic?: true;
  /** Given by name: in TypeScript in an object after the positional arguments, in Python as a keyword. */
  option?: true;
  /** Absent means required, for an option "not set". */
  default?: string | number | boolean;
}

export interface Method {
  /** camelCase; Python spells it in snake_case. */
  name: string;
  /** Names of upstream that mean the same, in snake_case. */
  aliases?: readonly string[];
  doc: string;
  parameters: readonly Parameter[];
  /** TypeScript type of what the promise gives. */
  returns: 'void' | 'string' | 'CommandResult' | 'Record<string, string>';
}

const command = { name: 'command', type: 'string', doc: 'bash, run with set -euo pipefail' } as const;
const commands = { ...command, name: 'commands', variadic: true } as const;
const unit = { name: 'unit', type: 'string', doc: 'systemd unit; .service may be left out' } as const;
const job = { ...unit, name: 'job' } as const;
const port = { name: 'port', type: 'number', doc: 'TCP port' } as const;
const addr = {
  name: 'addr',
  type: 'string',
  option: true,
  default: 'localhost',
  doc: 'address to try from the node',
} as const;
const user = {
  name: 'user',
  type: 'string',
  option: true,
  doc: "ask this user's own systemd instead of the system's",
} as const;
const timeout = { name: 'timeout', type: 'number', option: true, default: 900, doc: 'seconds' } as const;
const noTimeout = {
  name: 'timeout',
  type: 'number',
  option: true,
  doc: 'seconds; no limit unless given',
} as const;

export const machineMethods = [
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
      timeout,
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
    name: 'waitForUnit',
    doc: 'Waits until a unit is active; a unit that failed, or that nothing will start, is an AssertionFailed.',
    parameters: [unit, user, timeout],
    returns: 'void',
  },
  {
    name: 'getUnitInfo',
    doc: 'All properties of a unit, as systemctl show gives them.',
    parameters: [unit, user],
    returns: 'Record<string, string>',
  },
  {
    name: 'getUnitProperty',
    doc: 'One property of a unit.',
    parameters: [unit, { name: 'property', type: 'string', doc: 'such as MainPID' }, user],
    returns: 'string',
  },
  {
    name: 'requireUnitState',
    doc: 'Fails unless a unit is in this state now.',
    parameters: [unit, { name: 'state', type: 'string', default: 'active', doc: 'value of ActiveState' }],
    returns: 'void',
  },
  {
    name: 'systemctl',
    doc: 'Runs systemctl with these arguments.',
    parameters: [{ name: 'query', type: 'string', doc: 'arguments, as in a shell' }, user],
    returns: 'CommandResult',
  },
  {
    name: 'startJob',
    doc: 'Starts a unit: systemctl start.',
    parameters: [job, user],
    returns: 'CommandResult',
  },
  {
    name: 'stopJob',
    doc: 'Stops a unit: systemctl stop.',
    parameters: [job, user],
    returns: 'CommandResult',
  },
  { name: 'waitForJob', doc: 'The same as waitForUnit.', parameters: [job, timeout], returns: 'void' },
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
    name: 'waitForFile',
    doc: 'Waits until a path exists on the node.',
    parameters: [{ name: 'path', type: 'string', doc: 'path on the node' }, timeout],
    returns: 'void',
  },
  {
    name: 'sleep',
    doc: 'Lets time pass on the node.',
    parameters: [{ name: 'seconds', type: 'number', doc: 'may be a fraction' }],
    returns: 'void',
  },
  {
    name: 'copyFromHost',
    aliases: ['copy_from_host_via_shell'],
    doc: 'Copies a file or folder of this machine to the node.',
    parameters: [
      { name: 'source', type: 'string', doc: 'path here' },
      { name: 'target', type: 'string', doc: 'path on the node' },
    ],
    returns: 'void',
  },
  {
    name: 'copyFromMachine',
    aliases: ['copy_from_vm'],
    doc: 'Copies a file or folder of the node into a folder here: below $out when that is set, else below the working directory.',
    parameters: [
      { name: 'source', type: 'string', doc: 'path on the node' },
      { name: 'targetDir', type: 'string', default: '', doc: 'folder here' },
    ],
    returns: 'void',
  },
  {
    name: 'log',
    doc: "Writes a line to the cell's output, with the node's name.",
    parameters: [{ name: 'message', type: 'string', doc: 'any text' }],
    returns: 'void',
  },
] as const satisfies readonly Method[];

export type MethodName = (typeof machineMethods)[number]['name'];

export const methodTable: ReadonlyMap<string, Method> = new Map(machineMethods.map(m => [m.name, m]));
