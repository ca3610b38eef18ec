import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { logs } from '../../../src/flavours/local/logs.js';
import { RunFolder } from '../../../src/flavours/local/run-folder.js';
import type { DeploymentRecord } from '../../../src/flavours/record.js';

it('a log that is followed while it is rotated loses no line', async () => {
  const folder = new RunFolder(randomBytes(4).toString('hex'));
  folder.create();
  onTestFinished(() => folder.remove());
  const unit = join(folder.node('a'), 'units/web.service');
  mkdirSync(unit, { recursive: true });
  const log = join(unit, 'log');
  const write = (text: string) =>
    appendFileSync(log, `2026-01-01T00:00:00.000000Z stdout 30 7 0 web.service web-start ${text}\n`);
  write('1');

  const following = new AbortController();
  const record = { 'x-nxc': { run: folder.run } } as DeploymentRecord;
  const lines = logs(record, 'a', { follow: true, signal: following.signal })[Symbol.asyncIterator]();
  const next = async () => (await lines.next()).value?.text as string;
  expect(await next()).toBe('1');
  // As supervise.sh does it, with lines on both sides of it that nobody has read.
  write('2');
  renameSync(log, `${log}.1`);
  appendFileSync(`${log}.1`, '2026-01-01T00:00:00.000000Z stdout 30 7 0 web.service web-start 3\n');
  const afterGap = next();
  expect(await afterGap).toBe('2');
  expect(await next()).toBe('3');
  writeFileSync(log, '');
  write('4');
  expect(await next()).toBe('4');
  following.abort();
  expect((await lines.next()).done).toBe(true);
});
