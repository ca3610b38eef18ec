import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire, isBuiltin, register } from 'node:module';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { assetPath, nearest } from '../../../src/client.js';
import { importNative } from './import-native.js';

type Namespace = Record<string, unknown> & { default?: unknown };

/** Cells behave as a module of this name in the working directory, which `%cd` changes. */
function notebook(): string {
  return join(process.cwd(), 'notebook.ts');
}

const FOLDER = 'dist/kernel/typescript/child';

let hooked = false;

function hook(): void {
  if (!hooked) register(pathToFileURL(assetPath(`${FOLDER}/module-hooks.js`)));
  hooked = true;
}

/** What the hooks understand as an import of the notebook. */
function asked(wanted: string): string {
  return `nxc-import:${encodeURIComponent(JSON.stringify([wanted, pathToFileURL(notebook()).href]))}`;
}

let resolver: typeof import('./resolver.js') | undefined;

/** To be awaited before code that may use `import.meta.resolve`, which answers at once and is had by ES modules alone. */
export async function loadResolver(): Promise<void> {
  resolver ??= (await importNative(
    pathToFileURL(assetPath(`${FOLDER}/resolver.js`)).href,
  )) as typeof resolver;
}

/** `import.meta.resolve` of a cell. */
export function resolveModule(specifier: string | URL): string {
  const wanted = String(specifier);
  if (isBuiltin(wanted)) return wanted.startsWith('node:') ? wanted : `node:${wanted}`;
  hook();
  try {
    return resolver!.resolve(asked(wanted)).replace(/[?&]nxc=\w+/, '');
  } catch (error) {
    throw explain(error, wanted);
  }
}

/** `import(specifier)` of a cell. */
export async function importModule(specifier: string | URL): Promise<Namespace> {
  const wanted = String(specifier);
  if (isBuiltin(wanted)) return importNative(wanted) as Promise<Namespace>;
  hook();
  forgetChanged();
  const caller: { stack?: string } = {};
  Error.captureStackTrace(caller, importModule);
  try {
    return (await importNative(asked(wanted))) as Namespace;
  } catch (error) {
    throw placed(explain(error, wanted), caller.stack);
  } finally {
    noteLoaded();
  }
}

/** The names that an import statement of a cell binds, as an object. CommonJS exports count as named ones. */
export async function importNames(specifier: string, names: readonly string[]): Promise<Namespace> {
  const module = await importModule(specifier);
  const fallback = Object(module.default) as Namespace;
  const bound: Namespace = {};
  for (const name of names) {
    if (name in module) bound[name] = module[name];
    else if (name === 'default') bound[name] = module;
    else if (name in fallback) bound[name] = fallback[name];
    else
      throw new SyntaxError(
        missingExport(specifier, name, [...Object.keys(module), ...Object.keys(fallback)]),
      );
  }
  return bound;
}

function missingExport(specifier: string, name: string, known: string[]): string {
  const near = nearest(name, known);
  const hint = near.length
    ? `; did you mean ${near.join(', ')}?`
    : `; if it is a type, write \`import type { ${name} }\``;
  return `The module '${specifier}' has no export named '${name}'${hint}`;
}

function explain(error: unknown, wanted: string): unknown {
  const { code } = Object(error) as { code?: string };
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return error;
  if (/^\.{0,2}\//.test(wanted)) return fileMissing(error as Error, wanted) ?? error;
  const name = wanted.split('/', wanted.startsWith('@') ? 2 : 1).join('/');
  if (wanted.startsWith('file:') || !String(error).includes(`'${name}`)) return error;
  const message = `Cannot find the package '${name}' from ${process.cwd()}; install it there: npm install ${name}`;
  return Object.assign(new Error(message), { code });
}

/** The cell's own import leads to no file; undefined when it is an import of a file that is there. */
function fileMissing({ message }: Error, wanted: string): Error | undefined {
  const path = resolve(process.cwd(), wanted);
  const isOwn =
    message.includes(`'${path}'`) || message.includes(`'${wanted}'\nRequire stack:\n- ${notebook()}`);
  if (!isOwn || existsSync(path)) return undefined;
  const folder = dirname(path);
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const [near] = nearest(basename(path), files);
  const hint = near ? `; did you mean '${wanted.slice(0, -basename(path).length)}${near}'?` : '';
  return new Error(`Cannot find the file '${wanted}' from ${process.cwd()}${hint}`);
}

/** What the thread that finds modules throws has frames of that thread; the user's is the import. */
function placed(error: unknown, stack = ''): unknown {
  if (
    error instanceof Error &&
    // Where it was written it says itself.
    (error instanceof SyntaxError ||
      /^ {4}at .*\(?node:internal\/modules\/esm\/(?:hooks|worker):/m.test(String(error.stack)))
  )
    error.stack = `${error}\n${stack.split('\n').slice(1).join('\n')}`;
  return error;
}

/** `require` of cells. */
export function makeRequire(): NodeJS.Require {
  const current = () => createRequire(notebook());
  const load = (id: string) => {
    forgetChanged();
    try {
      return current()(id);
    } catch (error) {
      throw explain(error, id);
    } finally {
      noteLoaded();
    }
  };
  const { cache, extensions, main } = current();
  return Object.assign(load, { resolve: current().resolve, cache, extensions, main });
}

const require = createRequire(import.meta.url);
const loadedAt = new Map<string, number>();

function localModules(): string[] {
  return Object.keys(require.cache).filter(file => !file.includes(`${sep}node_modules${sep}`));
}

/** When a CommonJS file of the user's changed, all of them are loaded anew: any may hold what the file exported. */
function forgetChanged(): void {
  const files = localModules();
  if (!files.some(file => loadedAt.has(file) && modified(file) !== loadedAt.get(file))) return;
  for (const file of files) if (loadedAt.has(file)) delete require.cache[file];
  loadedAt.clear();
}

function noteLoaded(): void {
  for (const file of localModules()) if (!loadedAt.has(file)) loadedAt.set(file, modified(file));
}

function modified(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
