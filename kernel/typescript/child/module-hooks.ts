import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { LoadHookContext, ResolveHookContext } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseSync } from 'oxc-parser';
import { compileFile, type Lang, refuse } from './compile.js';
import { fingerprint } from './fingerprint.js';

// Node calls these on a thread of its own: they let cells import the user's TypeScript files, and files again that changed.

type NextResolve = (specifier: string, context?: Partial<ResolveHookContext>) => Promise<Resolved>;
type NextLoad = (url: string, context?: Partial<LoadHookContext>) => Promise<Loaded>;
interface Resolved {
  url: string;
  format?: string | null;
  importAttributes?: ImportAttributes;
  shortCircuit?: boolean;
}
interface Loaded {
  format: string;
  source?: string | Buffer | null;
  shortCircuit?: boolean;
}

const VERSION = /[?&]nxc=\w+/;
const SCHEME = 'nxc-import:';
const SUFFIXES = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.json', '/index.ts', '/index.js'];

let versions = true;

export function initialize(options?: { versions: boolean }): void {
  versions = options?.versions ?? true;
}

export async function resolve(
  specifier: string,
  context: ResolveHookContext,
  next: NextResolve,
): Promise<Resolved> {
  if (specifier.startsWith(SCHEME)) {
    const [wanted, parentURL] = JSON.parse(decodeURIComponent(specifier.slice(SCHEME.length))) as [
      string,
      string,
    ];
    return resolve(wanted, { ...context, parentURL }, next);
  }
  const path = specifier.startsWith('/') ? pathToFileURL(specifier).href : specifier;
  const found = await next(path, context).catch(error => {
    const file = isFileLike(path) && withSuffix(new URL(path, context.parentURL));
    if (!file) throw error;
    return next(file.href, context);
  });
  if (!versions || !found.url.startsWith('file:') || found.url.includes('/node_modules/')) return found;
  const version = fingerprint(fileURLToPath(found.url));
  const json = /\.json$/.test(new URL(found.url).pathname);
  return {
    ...found,
    url: `${found.url.replace(VERSION, '')}${found.url.includes('?') ? '&' : '?'}nxc=${version}`,
    ...(json ? { importAttributes: { type: 'json' } } : {}),
  };
}

function isFileLike(specifier: string): boolean {
  return /^\.{0,2}\/|^file:/.test(specifier);
}

/** What TypeScript would find: a file without its suffix, a folder's index, or `./x.js` for `x.ts`. */
function withSuffix(url: URL): URL | undefined {
  const script = /\.([mc]?)js(x?)$/.exec(url.pathname);
  const source = script && `${url.href.slice(0, -script[0].length)}.${script[1]}ts${script[2]}`;
  const candidates = [source, ...SUFFIXES.map(suffix => url.href.replace(/\/$/, '') + suffix)];
  const found = candidates.find(href => href && isFile(fileURLToPath(href)));
  return found ? new URL(found) : undefined;
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

export async function load(url: string, context: LoadHookContext, next: NextLoad): Promise<Loaded> {
  const { pathname, protocol } = new URL(url);
  if (protocol !== 'file:') return next(url, context);
  const path = fileURLToPath(url);
  // `require` compiles it.
  if (/\.cts$/.test(pathname)) return { format: 'commonjs', source: null, shortCircuit: true };
  const [, lang] = /\.m?(tsx?)$/.exec(pathname) ?? [];
  if (lang) {
    const text = await readFile(path, 'utf8');
    const source = compileFile(path, withPlace(text, url), lang as Lang, 'module');
    return { format: 'module', source, shortCircuit: true };
  }
  const loaded = await next(url, context);
  // Node says what is wrong with a module, and not in which file.
  if (loaded.format !== 'module' || !loaded.source || pathname.includes('/node_modules/')) return loaded;
  const text = String(loaded.source);
  refuse(path, parseSync('module.js', text, { sourceType: 'module' }).errors, text);
  return { ...loaded, source: withPlace(text, url) };
}

/**
 * Modules of the user's see their own place: the URL of their file, which here has a version, and `resolve` without versions. It
 * is said on their first line, so that all places stay what they are but for columns of that line.
 */
function withPlace(source: string, url: string): string {
  if (!versions || !source.includes('import.meta')) return source;
  const own = JSON.stringify(url.replace(VERSION, ''));
  const place = `import.meta.url = ${own}; import.meta.resolve = (resolve => wanted => resolve(wanted).replace(${VERSION}, ''))(import.meta.resolve);`;
  return source.startsWith('#!') ? source : `${place} ${source}`;
}
