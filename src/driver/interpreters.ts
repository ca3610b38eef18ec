import type { DeploymentManager } from '../deployment/deployment.js';
import type { PythonDriver } from './python-driver.js';

/**
 * One interpreter a manager: variables last from script to script as long as the process that holds the manager. Apart from
 * what runs scripts, since every command of the terminal ends by closing them and few load that.
 */
const interpreters = new WeakMap<DeploymentManager, PythonDriver>();

export function interpreterOf(manager: DeploymentManager, start: () => PythonDriver): PythonDriver {
  const interpreter = interpreters.get(manager) ?? start();
  interpreters.set(manager, interpreter);
  return interpreter;
}

/** Ends a manager's interpreter and what its scripts started. */
export async function closeScripts(manager: DeploymentManager): Promise<void> {
  await interpreters.get(manager)?.close();
  interpreters.delete(manager);
}
