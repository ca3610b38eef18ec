import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { readLines } from '../../../src/flavours/docker/read-lines.js';

it('a reader that has seen enough ends the stream, and what breaks it later breaks nothing else', async () => {
  const log = new PassThrough();
  log.write('one\ntwo\n');
  for await (const line of readLines(log)) {
    expect(line).toBe('one');
    break;
  }
  expect(log.destroyed).toBe(true);
  log.emit('error', new Error('aborted'));
  await setImmediate();
});

it('what breaks the stream while it is read is told', async () => {
  const log = new PassThrough();
  const reading = readLines(log).next();
  log.destroy(new Error('the engine is gone'));
  await expect(reading).rejects.toThrow('the engine is gone');
});
