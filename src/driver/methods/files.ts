import type { Method } from './method.js';

const here = { name: 'source', type: 'string', doc: 'path here' } as const;
const there = { name: 'source', type: 'string', doc: 'path on the node' } as const;

export const fileMethods = [
  {
    name: 'copyFromHost',
    aliases: ['copy_from_host_via_shell'],
    doc: 'Copies a file or folder of this machine to the node.',
    parameters: [here, { name: 'target', type: 'string', doc: 'path on the node' }],
    returns: 'void',
  },
  {
    name: 'copyFromMachine',
    aliases: ['copy_from_vm'],
    doc: 'Copies a file or folder of the node into a folder here: below $out when that is set, else below the working directory.',
    parameters: [there, { name: 'targetDir', type: 'string', default: '', doc: 'folder here' }],
    returns: 'void',
  },
] as const satisfies readonly Method[];
