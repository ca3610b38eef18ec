import { resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describeError } from './describe-error.js';
import { serveKernel } from './session/serve.js';

/**
 * Serves this connection file until shut down. What runs the cells is loaded after the first answer. The build makes one file
 * of this module and what it imports statically, as loading them one by one takes a third of the time until that answer.
 */
export async function startKernel(connectionFile: string): Promise<void> {
  try {
    await serveKernel({
      connectionFile,
      // A kernel that is restarted gets the same file again.
      interpreter: async () => (await import('./cells/index.js')).createInterpreter(resolve(connectionFile)),
    });
  } catch (error) {
    process.stderr.write(stripVTControlCharacters(describeError(error)), () => process.exit(1));
  }
}
