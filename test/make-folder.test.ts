import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../src/make-folder.js';
import { WriteError, writeError } from '../src/write-error.js';
import { temporaryFolder } from './helpers/temporary.js';

describe('a folder is made', () => {
  it('with the parents that it lacks, and stays when it is there', async () => {
    const at = join(await temporaryFolder(), 'a/b/c');
    makeFolder(at, 0o700);
    makeFolder(at);
    expect(statSync(at).mode & 0o777).toBe(0o700);
  });

  it.each(['/proc/nope', '/proc/nope/deep/er'])('or it is an error at once: %s', path => {
    expect(() => makeFolder(path)).toThrow();
    const found = (): unknown => {
      try {
        makeFolder(path);
      } catch (error) {
        return writeError('cannot write it', error);
      }
    };
    expect(found()).toBeInstanceOf(WriteError);
    expect((found() as Error).message).toContain(
      '/proc/nope cannot be made: its file system has no new folders',
    );
  });

  it('or it is an error when a file is in the way', async () => {
    const folder = await temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    expect(() => makeFolder(join(folder, 'file/below'))).toThrow('ENOTDIR');
    expect(() => makeFolder(join(folder, 'file'))).toThrow('EEXIST');
    mkdirSync(join(folder, 'there'));
    expect(() => makeFolder(join(folder, 'there'))).not.toThrow();
  });
});
