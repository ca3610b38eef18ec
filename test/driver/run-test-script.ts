import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommandLine } from '../../src/commands/command-line.js';
import { createManager } from '../../src/deployment/manager.js';
import { closeScripts } from '../../src/driver/interpreters.js';
import { RecordingDisplay } from './harness.js';

/** A composition with its testScript in each, in the shapes in which people write tests for NixOS. */
export const scripts = fileURLToPath(new URL('./scripts/', import.meta.url));
export const scriptNames = (await readdir(scripts)).sort();

/** Builds a project that `make` fills, starts it, runs its testScript and stops it; gives the exit status and what was shown. */
export async function runTestScript(
  make: (project: string) => Promise<void>,
  flavour: string,
): Promise<{ status: number; shown: string }> {
  const project = await mkdtemp(join(tmpdir(), 'nxc-script-'));
  const manager = createManager();
  const display = new RecordingDisplay();
  const { signal } = new AbortController();
  const workspace = { cwd: project, env: process.env };
  const nxc = (...words: string[]) =>
    runCommandLine(words, { workspace, display, signal, manager, front: 'notebook' });
  try {
    await make(project);
    await nxc('build', '-f', flavour);
    const status = await nxc('start', '-f', flavour, '-t');
    return { status, shown: await display.plain() };
  } finally {
    await closeScripts(manager);
    await manager.close({ stopOwn: true });
    await rm(project, { recursive: true, force: true });
  }
}
