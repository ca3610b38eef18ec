import { hostname } from 'node:os';
import { basename, dirname } from 'node:path';
import { NxcError } from '../errors.js';
import type { DeploymentRecord } from '../flavours/record.js';
import { flavourNames, loadFlavour } from '../flavours/registry.js';
import { currentUser } from '../process/user.js';
import { randomHex } from '../random-hex.js';
import { recordFault } from './check-record.js';
import { whileClaimed } from './claim.js';
import { RecordError } from './errors.js';
import { readPlace, readRecord, replaceRecord, type UpstreamRecord } from './record-store.js';
import { thisProcess } from './starter.js';

/**
 * Makes a record that upstream's tool wrote one of ours, when what it started runs on this machine: from then on the deployment
 * is as one that we started, and upstream's tool still reads the record. Undefined when nothing of it runs.
 */
export async function adopt(file: string): Promise<DeploymentRecord | undefined> {
  const occupant = await readPlace(file);
  if (!occupant || 'record' in occupant) return occupant?.record;
  const record = recordOf(occupant.upstream, file);
  if (!record) return undefined;
  const flavour = await loadFlavour(record['x-nxc'].flavour);
  let runs: boolean | undefined;
  const claimed = await whileClaimed(file, 'upstream', async () => {
    runs = await flavour.adopt?.(record).catch(error => {
      throw unclear(file, error);
    });
    if (runs) await replaceRecord(record);
  });
  if (claimed) return runs ? record : undefined;
  return readRecord(file);
}

function unclear(file: string, error: unknown): unknown {
  if (!(error instanceof NxcError)) return error;
  return new RecordError(file, {
    asked: `what upstream's tool started as ${file} cannot be taken over`,
    found: [error.parts.asked, error.parts.found].filter(Boolean).join(': '),
    ...(error.parts.todo === undefined ? {} : { todo: error.parts.todo }),
    cause: error,
  });
}

/** Undefined when no flavour of this version could have it. */
function recordOf(upstream: UpstreamRecord, file: string): DeploymentRecord | undefined {
  const { composition = '', flavour = '' } =
    /^(?<composition>.*)::(?<flavour>.*)$/s.exec(basename(file, '.json'))?.groups ?? {};
  if (!flavourNames().includes(flavour)) return undefined;
  const ours: DeploymentRecord['x-nxc'] = {
    run: randomHex(4),
    composition,
    flavour,
    project: dirname(dirname(file)),
    file,
    owner: `${currentUser().name}@${hostname()}`,
    started: new Date().toISOString(),
    state: 'running',
    starter: thisProcess(),
    // Upstream keeps none of the build.
    hash: '',
    nodes: Object.entries(upstream.deployment ?? {}).map(([name, node]) => ({ name, role: node?.role })),
    runtime: {},
  };
  return recordFault(ours) ? undefined : { ...upstream, 'x-nxc': ours };
}
