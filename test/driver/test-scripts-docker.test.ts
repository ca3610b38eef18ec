import { execFileSync } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dockerUsable, withoutDocker } from '../helpers/docker.js';
import { useNix } from '../helpers/nix.js';
import { runTestScript, scriptNames } from './run-test-script.js';

describe.skipIf(!dockerUsable)(
  `test scripts as people write them, on the flavour docker${withoutDocker}`,
  () => {
    useNix();

    it.concurrent.each(scriptNames)('%s passes', { timeout: 300_000 }, async name => {
      const make = async (project: string) => {
        execFileSync(process.execPath, [
          'test/fixtures/projects/make.mjs',
          `../../driver/scripts/${name}`,
          project,
        ]);
        for (const file of ['flake.nix', 'nxc.json'])
          await cp(join('test/fixtures/projects/basic', file), join(project, file));
        execFileSync('git', ['-C', project, 'add', '--all']);
      };
      const { status, shown } = await runTestScript(make, 'docker');
      expect(status).toBe(0);
      expect(shown).toContain('✓ passed');
    });
  },
);
