import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runTestScript, scriptNames, scripts } from './run-test-script.js';

describe('test scripts as people write them, on the flavour local', () => {
  it('are twenty-five', () => expect(scriptNames).toHaveLength(25));

  it.concurrent.each(scriptNames)('%s passes', { timeout: 120_000 }, async name => {
    const make = async (project: string) => {
      await cp(join(scripts, name), project, { recursive: true });
      await writeFile(join(project, 'nxc.json'), '{"composition":"composition.nix"}\n');
    };
    const { status, shown } = await runTestScript(make, 'local');
    expect(status).toBe(0);
    expect(shown).toContain('✓ passed');
  });
});
