import { createRequire } from 'node:module';
import type { Converter } from 'tslab/dist/converter.js';

const require = createRequire(import.meta.url);

/**
 * tslab's converter, which finds modules as Node does today. By itself it asks its TypeScript for the resolution of Node 10,
 * to which a package that has only `exports` has no types, and it has no option for that: so it is handed a TypeScript
 * that knows better.
 */
export function createConverter(): Converter {
  const tslab = require.resolve('tslab/dist/converter');
  const path = createRequire(tslab).resolve('@tslab/typescript-for-tslab');
  const typescript = require(path) as TypeScript;
  require.cache[path]!.exports = {
    ...typescript,
    createWatchCompilerHost: (files, options, ...rest) =>
      typescript.createWatchCompilerHost(
        files,
        { ...options, moduleResolution: typescript.ModuleResolutionKind.Bundler },
        ...rest,
      ),
  } satisfies TypeScript;
  return (require(tslab) as typeof import('tslab/dist/converter.js')).createConverter();
}

interface TypeScript {
  ModuleResolutionKind: { Bundler: number };
  createWatchCompilerHost(files: string[], options: object, ...rest: unknown[]): unknown;
}
