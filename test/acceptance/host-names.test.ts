import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { nxc } from '../helpers/executable.js';
import { temporaryFolder } from '../helpers/temporary.js';

it('nodes have every name that NixOS accepts, and find each other by it', { timeout: 120_000 }, async () => {
  const cwd = await temporaryFolder();
  const long = `n${'x'.repeat(61)}9`;
  const found = ['db_main', 'Web-1', long].flatMap(from =>
    ['db_main', 'Web-1', long].map(
      to => `${from.replace('-', '_')}.succeed("test $(hostname) = ${from} && getent hosts ${to}")\n`,
    ),
  );
  await writeFile(
    join(cwd, 'composition.nix'),
    `{ ... }: { roles = { db_main = { }; Web-1 = { }; ${long} = { }; }; testScript = ''\n${found.join('')}''; }\n`,
  );
  onTestFinished(async () => void (await nxc(['stop'], { cwd })));
  for (const words of [
    ['build', '-f', 'local'],
    ['start'],
    ['driver', '-t'],
    ['exec', 'db_main', '--', 'true'],
  ]) {
    const { status, stderr } = await nxc(words, { cwd });
    expect({ words, status, stderr }).toEqual({ words, status: 0, stderr: '' });
  }
});
