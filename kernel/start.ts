import { resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describeError } from './describe-error.js';
import { serveKernel } from './session/serve.js';

/**
 * Serves this connection file until shut down. What runs the cells is loaded after the first answer. The build makes one file
 * of this module and what it imports statically, as loading them one by one takes a third of the time until that answer.
 */
export async function startKernel(connectionFile: string): Promise<void> {
  const run = runOf(process.env);
  try {
    await serveKernel({
      connectionFile,
      // A kernel that is restarted gets the same file again.
      interpreter: async () =>
        (await import('./cells/index.js')).createInterpreter({
          keeper: run?.keeper ?? resolve(connectionFile),
          isRun: run !== undefined,
          ...(run?.executed === undefined ? {} : { executed: run.executed }),
        }),
      ...(run ? { cellsBefore: run.cellsBefore, outlived: true } : {}),
    });
  } catch (error) {
    process.stderr.write(stripVTControlCharacters(describeError(error)), () => process.exit(1));
  }
}

/**
 * What `nxc run` says: who keeps what is started, so that a resumed run goes on with it, how many cells ran before, and the file
 * that it writes, if any.
 */
function runOf(
  env: NodeJS.ProcessEnv,
): { keeper: string; cellsBefore: number; executed?: string } | undefined {
  const [, keeper, count, executed] = /^([\w-]+):(\d+):(.*)$/s.exec(env.NXC_RUN ?? '') ?? [];
  // It is for this kernel, and not for what its cells start.
  delete env.NXC_RUN;
  return keeper === undefined
    ? undefined
    : { keeper, cellsBefore: Number(count), ...(executed ? { executed } : {}) };
}
