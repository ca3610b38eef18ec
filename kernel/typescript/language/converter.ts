import { createRequire } from 'node:module';
import type { Converter } from 'tslab/dist/converter.js';

const require = createRequire(import.meta.url);
let experimentalDecorators = false;

/**
 * tslab's converter, which finds modules as Node does today. By itself it asks its TypeScript for the resolution of Node 10,
 * to which a package that has only `exports` has no types, and it has no option for that: so it is handed a TypeScript
 * that knows better. `experimental` is the kind of decorators.
 */
export function createConverter({ experimental = false } = {}): Converter {
  experimentalDecorators = experimental;
  return loadConverter().createConverter();
}

function loadConverter(): typeof import('tslab/dist/converter.js') {
  const tslab = require.resolve('tslab/dist/converter');
  if (require.cache[tslab]) return require(tslab);
  const path = createRequire(tslab).resolve('@tslab/typescript-for-tslab');
  const typescript = require(path) as TypeScript;
  require.cache[path]!.exports = {
    ...typescript,
    createWatchCompilerHost: (files, options, ...rest) => {
      const { Bundler } = typescript.ModuleResolutionKind;
      const more = { moduleResolution: Bundler, experimentalDecorators };
      return typescript.createWatchCompilerHost(files, { ...options, ...more }, ...rest);
    },
  } satisfies TypeScript;
  return require(tslab);
}

interface TypeScript {
  ModuleResolutionKind: { Bundler: number };
  createWatchCompilerHost(files: string[], options: object, ...rest: unknown[]): unknown;
}
