/** The process that measures a deployment (sampler-process.ts). Arguments: the record's file, and the run that it is of. */
import { readRecord } from '../deployment/record-store.js';
import { sample } from './sampler.js';

const [file = '', run] = process.argv.slice(2);
const end = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => end.abort());
// It has no terminal; whoever started it may have had one that is closed now.
process.on('SIGHUP', () => {});
const record = await readRecord(file).catch(() => undefined);
if (record?.['x-nxc'].run === run && record) await sample(record, end.signal);
process.exit(0);
