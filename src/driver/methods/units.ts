import { type Method, timeout, unit } from './method.js';

const job = { ...unit, name: 'jobname' } as const;
const user = {
  name: 'user',
  type: 'string',
  option: true,
  doc: "ask this user's own systemd instead of the system's",
} as const;

export const unitMethods = [
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
    parameters: [
      unit,
      { name: 'requireState', type: 'string', default: 'active', doc: 'value of ActiveState' },
    ],
    returns: 'void',
  },
  {
    name: 'systemctl',
    doc: 'Runs systemctl with these arguments.',
    parameters: [{ name: 'q', type: 'string', doc: 'arguments, as in a shell', names: 'units' }, user],
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
] as const satisfies readonly Method[];
