import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LogRequest } from '../../../src/flavours/flavour.js';
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

describe('the log of a node', () => {
  /** A node's journal with the unit web, and a way to write to it: in a file of a unit, or of user 1000. */
  function journal() {
    const folder = new RunFolder(randomBytes(4).toString('hex'));
    folder.create();
    onTestFinished(() => folder.remove());
    const runtime = folder.node('a');
    mkdirSync(join(runtime, 'units/web.service'), { recursive: true });
    mkdirSync(join(runtime, 'journal'));
    let time = 0;
    const write = (file: string, unit: string, identifier: string, text: string) =>
      appendFileSync(
        join(runtime, file),
        `2026-01-01T00:00:00.${String(time++).padStart(6, '0')}Z syslog 13 7 0 ${unit} ${identifier} ${text}\n`,
      );
    const record = { 'x-nxc': { run: folder.run } } as DeploymentRecord;
    const read = async (request: LogRequest = {}) => {
      const lines: string[] = [];
      for await (const { unit, text } of logs(record, 'a', request)) lines.push(`${unit}: ${text}`);
      return lines;
    };
    return { runtime, record, write, read };
  }

  it('has what its users wrote with logger and systemd-cat between what its units wrote', async () => {
    const { write, read } = journal();
    write('units/web.service/log', 'web.service', 'web-start', 'one');
    write('journal/1000', '-', 'backup', 'two');
    write('units/web.service/log', 'web.service', 'web-start', 'three');
    write('journal/1000', 'web.service', 'helper', 'four');
    expect(await read()).toEqual([
      'web.service: one',
      'backup: two',
      'web.service: three',
      'web.service: four',
    ]);
    expect(await read({ unit: 'web' })).toEqual([
      'web.service: one',
      'web.service: three',
      'web.service: four',
    ]);
    expect(await read({ lines: 1 })).toEqual(['backup: two', 'web.service: four']);
    expect(await read({ lines: 0 })).toEqual([]);
    await expect(read({ unit: 'backup' })).rejects.toThrow('there is no unit backup.service on a');
  });

  it('has what was written before a file of it was removed', async () => {
    const { runtime, record, write } = journal();
    write('journal/1000', '-', 'x', 'one');
    const following = new AbortController();
    const lines = logs(record, 'a', { follow: true, signal: following.signal })[Symbol.asyncIterator]();
    expect((await lines.next()).value?.text).toBe('one');
    write('journal/1000', '-', 'x', 'two');
    rmSync(join(runtime, 'journal/1000'));
    write('journal/1000', '-', 'x', 'three');
    expect((await lines.next()).value?.text).toBe('two');
    expect((await lines.next()).value?.text).toBe('three');
    following.abort();
    expect((await lines.next()).done).toBe(true);
  });
});
