import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { runCommandLine } from '../../src/commands/command-line.js';
import { createManager } from '../../src/deployment/manager.js';
import { installDriverGlobals } from '../../src/driver/client.js';
import { describeGlobals } from '../../src/driver/driver.js';
import { closeScripts } from '../../src/driver/interpreters.js';
import { DriverService } from '../../src/driver/service.js';
import { acrossProcesses, RecordingDisplay } from './harness.js';

/** A deployment of flavour `local` for the tests of a file, and the globals of a TypeScript cell that uses it. */
export function localDeployment(composition: string) {
  const manager = createManager();
  const here = {
    project: '',
    display: new RecordingDisplay(),
    interrupt: new AbortController(),
    // biome-ignore lint/suspicious/noExplicitAny: these are the untyped globals of a cell
    globals: {} as Record<string, any>,
    nxc: (...words: string[]) =>
      runCommandLine(words, {
        workspace: { cwd: here.project, env: process.env },
        display: here.display,
        signal: here.interrupt.signal,
        manager,
        front: 'notebook',
      }),
  };
  beforeAll(async () => {
    here.project = await mkdtemp(join(tmpdir(), 'nxc-driver-'));
    await here.nxc('init');
    await writeFile(join(here.project, 'nxc', 'composition.nix'), composition);
    await here.nxc('build');
    await here.nxc('start');
  });
  afterAll(async () => {
    await closeScripts(manager);
    await manager.close({ stopOwn: true });
    await rm(here.project, { recursive: true, force: true });
  });
  beforeEach(async () => {
    here.display = new RecordingDisplay();
    here.interrupt = new AbortController();
    here.globals = {};
    const service = new DriverService({
      manager,
      workspace: { cwd: here.project },
      display: () => here.display,
    });
    const request = acrossProcesses(service.handle, here.interrupt.signal);
    const globals = describeGlobals(await manager.require(here.project));
    installDriverGlobals(here.globals, { request }, { on: (_, listener) => listener(globals) });
  });
  return here;
}
