import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tmpfileCommand } from '../../src/composition/options/tmpfiles.js';
import { temporaryFolder } from '../helpers/temporary.js';

/** The folder in which these rules were applied, one after the other; FOLDER in them is its path. */
async function applied(...rules: string[]): Promise<string> {
  const folder = await temporaryFolder();
  const commands = rules.map(rule => tmpfileCommand(rule.replaceAll('FOLDER', folder)));
  execFileSync('bash', ['-e', '-c', commands.join('\n')]);
  return folder;
}

it('w+ of systemd.tmpfiles.rules appends, rule after rule', async () => {
  const folder = await applied(
    'f FOLDER/limits - - - - first\\n',
    'w+ FOLDER/limits - - - - second\\n',
    'w+ FOLDER/limits - - - - 100 third',
  );
  expect(readFileSync(join(folder, 'limits'), 'utf8')).toBe('first\nsecond\n100 third');
});

it('w of systemd.tmpfiles.rules writes over what is there, and makes no file', async () => {
  const folder = await applied(
    'f FOLDER/a - - - - old text',
    'w FOLDER/a 0600 - - - new',
    'w FOLDER/b - - - - x',
  );
  expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('new');
  expect(existsSync(join(folder, 'b'))).toBe(false);
});
