import childProcess, { type ForkOptions } from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { pathToFileURL } from 'node:url';
import threads, { type WorkerOptions } from 'node:worker_threads';
import { assetPath } from '../../../src/client.js';
import { asScript } from './compile.js';

const REGISTER = ['--import', pathToFileURL(assetPath('dist/kernel/typescript/child/register.js')).href];

/** Files of worker threads and of `fork` may be TypeScript, and so may what they import. Programs of packages stay as they are. */
export function hookThreads(): void {
  const { Worker } = threads;
  const { fork } = childProcess;
  threads.Worker = class extends Worker {
    constructor(file: string | URL, options: WorkerOptions = {}) {
      if (options.eval) super(asScript(String(file)), options);
      else super(file, hooked(file, options));
    }
  };
  Object.defineProperty(threads.Worker, 'name', { value: 'Worker' });
  const hookedFork = (file: string | URL, ...rest: unknown[]) => {
    const [args, options] = Array.isArray(rest[0]) ? rest : [[], rest[0] ?? rest[1]];
    return fork(file, args as string[], hooked(file, { ...(options as ForkOptions) }));
  };
  Object.assign(childProcess, { fork: Object.defineProperty(hookedFork, 'name', { value: 'fork' }) });
  syncBuiltinESMExports();
}

function hooked<Options extends { execArgv?: string[] }>(file: string | URL, options: Options): Options {
  if (/[\\/]node_modules[\\/]|^data:/.test(String(file))) return options;
  return { ...options, execArgv: [...(options.execArgv ?? process.execArgv), ...REGISTER] };
}
