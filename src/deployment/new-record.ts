import { hostname } from 'node:os';
import type { Build } from '../composition/types.js';
import type { DeploymentRecord, Starter } from '../flavours/record.js';
import { currentUser } from '../process/user.js';
import { randomHex } from '../random-hex.js';
import type { StartOptions } from './deployment.js';
import { recordFile } from './record-store.js';

/** The record of a start that this process begins now. */
export function newRecord(
  build: Build,
  options: StartOptions,
  nodes: Array<{ name: string; role: string }>,
  keeper: string,
  starter: Starter,
): DeploymentRecord {
  const { test_script } = build.info;
  return {
    deployment: Object.fromEntries(nodes.map(({ name, role }) => [name, { role }])),
    nodes: nodes.map(({ name }) => name),
    ...(typeof test_script === 'string' ? { test_script } : {}),
    ...(options.parameters ? { parameters: { ...options.parameters } } : {}),
    'x-nxc': {
      run: randomHex(4),
      composition: build.composition,
      flavour: build.flavour,
      project: options.directory,
      file: recordFile(options.directory, build.composition, build.flavour),
      owner: `${currentUser().name}@${hostname()}`,
      started: new Date().toISOString(),
      state: 'starting',
      starter,
      ...(options.notebook ? { notebook: options.notebook } : {}),
      ...(options.keep ? {} : { keeper }),
      hash: build.hash,
      ...(build.setup ? { setup: build.setup } : {}),
      nodes: nodes.map(({ name, role }) => ({ name, role })),
      runtime: {},
    },
  };
}
