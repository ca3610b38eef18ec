import type { DeploymentManager } from '../deployment/deployment.js';
import type { Display } from '../display/display.js';
import { describeGlobals } from './driver.js';
import { PythonDriver } from './python-driver.js';
import { DriverService } from './service.js';

export interface ScriptRequest {
  source: string;
  /** What errors call it. */
  file: string;
  /** Line of the file on which the source begins, from 0. */
  firstLine?: number;
  manager: DeploymentManager;
  workspace: { readonly cwd: string; readonly env: NodeJS.ProcessEnv };
  display: Display;
  signal: AbortSignal;
}

/** One interpreter a manager: variables last from script to script as long as the process that holds the manager. */
const interpreters = new WeakMap<DeploymentManager, PythonDriver>();

/** Runs a Python test script on the current deployment and gives its exit status; subtests and output go to the display. */
export async function runScript({ source, file, firstLine, ...rest }: ScriptRequest): Promise<number> {
  const { manager, workspace, display, signal } = rest;
  const interpreter = interpreters.get(manager) ?? new PythonDriver();
  interpreters.set(manager, interpreter);
  const machines = describeGlobals(await manager.require(workspace.cwd)).machines;
  const service = new DriverService({ manager, workspace, display: () => display });
  const { cwd, env } = workspace;
  try {
    const run = { file, machines, handle: service.handle, display, signal, cwd, env };
    return await interpreter.run(source, firstLine === undefined ? run : { ...run, firstLine });
  } finally {
    service.finish(undefined);
  }
}

/** Ends a manager's interpreter and what its scripts started. */
export async function closeScripts(manager: DeploymentManager): Promise<void> {
  await interpreters.get(manager)?.close();
  interpreters.delete(manager);
}
