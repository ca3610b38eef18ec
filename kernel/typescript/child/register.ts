import { register } from 'node:module';
import { helpers } from './helpers.js';
import { requireTypeScript } from './required-files.js';

// Loaded with `--import` before the code of worker threads and of forked programs, so that it may be TypeScript there as well.

// Their files are loaded once: no file needs a name of its version.
register(new URL('./module-hooks.js', import.meta.url), { data: { versions: false } });
requireTypeScript();
process.setSourceMapsEnabled(true);
Object.defineProperty(globalThis, 'babelHelpers', { value: helpers });
