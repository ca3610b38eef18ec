import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { currentCell, throwWhenInterrupted, throwWhenStopped } from './cell-context.js';
import { clearOutput, display, table, update } from './display.js';
import { binding } from './evaluate.js';
import { helpers } from './helpers.js';
import { importModule, importNames, makeRequire, resolveModule } from './modules.js';
import { input } from './requests.js';
import { RUNTIME } from './rewrite.js';
import { stop } from './stop.js';

/** Defines what cells find in their global scope without importing it. Cells may declare the same names themselves. */
export function installRuntime(target: typeof globalThis): void {
  const file = () => join(process.cwd(), 'notebook.ts');
  const meta = {
    get url() {
      return pathToFileURL(file()).href;
    },
    get filename() {
      return file();
    },
    get dirname() {
      return process.cwd();
    },
    resolve: resolveModule,
  };
  define(
    target,
    {
      [RUNTIME]: {
        binding,
        import: importModule,
        named: importNames,
        meta,
        stop,
        stopped: throwWhenStopped,
        interrupted: throwWhenInterrupted,
        resumed,
      },
      babelHelpers: helpers,
    },
    false,
  );
  define(target, {
    display,
    update,
    clearOutput,
    table,
    input: Object.assign(input, { password: (prompt?: string) => input(prompt, { password: true }) }),
    prompt: (message?: string) => input(message),
    require: makeRequire(),
    module: { exports: {}, id: basename(file()) },
    exports: {},
  });
  for (const [name, get] of Object.entries({
    __dirname: () => process.cwd(),
    __filename: file,
    /** Aborted when the calling cell is interrupted. */
    signal: () => currentCell()?.signal,
  })) {
    Object.defineProperty(target, name, {
      get,
      set: replace(target, name),
      configurable: true,
      enumerable: false,
    });
  }
}

/** What an `await` gives. */
function resumed<T>(value: T): T {
  throwWhenInterrupted();
  return value;
}

function define(target: object, values: Record<string, unknown>, enumerable = true): void {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable });
  }
}

/** Assigning to a global of ours makes it the user's. */
function replace(target: object, name: string): (value: unknown) => void {
  return value => define(target, { [name]: value });
}
