import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compileFile } from './compile.js';

type Load = (module: { _compile(code: string, file: string): void }, file: string) => void;

/** Lets `require` load TypeScript files, in the thread that calls it. */
export function requireTypeScript(): void {
  const require = createRequire(import.meta.url);
  const extensions = require.extensions as unknown as Record<string, Load>;
  for (const extension of ['.ts', '.cts', '.mts', '.tsx'])
    extensions[extension] ??= (module, file) => {
      const lang = extension === '.tsx' ? 'tsx' : 'ts';
      module._compile(compileFile(file, readFileSync(file, 'utf8'), lang, 'commonjs'), file);
    };
}
