import { execFileSync, spawn } from 'node:child_process';
import { lstat, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { writeOutput } from '../src/atomic-write.js';
import { temporaryFolder } from './helpers/temporary.js';

describe('a file that a person named', () => {
  it('is replaced as a whole', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'deep/er/run.json');
    await writeOutput(file, 'old');
    await writeOutput(file, 'new');
    expect(await readFile(file, 'utf8')).toBe('new');
    expect(await readdir(join(folder, 'deep/er'))).toEqual(['run.json']);
  });

  it('may be a link, which stays', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'real'), 'old');
    await symlink('real', join(folder, 'link'));
    await writeOutput(join(folder, 'link'), 'new');
    expect((await lstat(join(folder, 'link'))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(folder, 'real'), 'utf8')).toBe('new');
  });

  it('may be a pipe, which is written to', async () => {
    const pipe = join(await temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reader = spawn('cat', [pipe]);
    const read = text(reader.stdout);
    await writeOutput(pipe, 'through it');
    expect(await read).toBe('through it');
    expect((await lstat(pipe)).isFIFO()).toBe(true);
  });
});
