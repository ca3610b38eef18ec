import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/commands/command-line.js';
import { createManager } from '../../src/deployment/manager.js';
import { closeScripts } from '../../src/driver/script.js';
import { RecordingDisplay } from './harness.js';

/** A composition with its testScript in each, in the shapes in which people write tests for NixOS. */
const scripts = fileURLToPath(new URL('./scripts/', import.meta.url));
const names = (await readdir(scripts)).sort();

describe('test scripts as people write them', () => {
  it('are twenty', () => expect(names).toHaveLength(20));

  it.concurrent.each(names)('%s passes on the flavour local', { timeout: 120_000 }, async name => {
    const project = await mkdtemp(join(tmpdir(), 'nxc-script-'));
    await cp(join(scripts, name), project, { recursive: true });
    await writeFile(join(project, 'nxc.json'), '{"composition":"composition.nix"}\n');
    const manager = createManager();
    const display = new RecordingDisplay();
    const { signal } = new AbortController();
    const workspace = { cwd: project, env: process.env };
    const nxc = (...words: string[]) =>
      runCommandLine(words, { workspace, display, signal, manager, front: 'notebook' });
    try {
      await nxc('build');
      expect(await nxc('start', '-t')).toBe(0);
      expect(await display.plain()).toContain('✓ passed');
    } finally {
      await closeScripts(manager);
      await manager.close({ stopOwn: true });
      await rm(project, { recursive: true, force: true });
    }
  });
});
