import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { LoadHookContext, ResolveHookContext } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseSync } from 'oxc-parser';
import { type HelperMode, transformSync } from 'oxc-transform';
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

const SCHEME = 'nxc-import:';
const SUFFIXES = ['.ts', '.mts', '.tsx', '.js', '.mjs', '.cjs', '.json', '/index.ts', '/index.js'];

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
  if (!found.url.startsWith('file:') || found.url.includes('/node_modules/')) return found;
  const version = fingerprint(fileURLToPath(found.url));
  const json = /\.json$/.test(new URL(found.url).pathname);
  return {
    ...found,
    url: `${found.url.replace(/[?&]nxc=\w+/, '')}${found.url.includes('?') ? '&' : '?'}nxc=${version}`,
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
  const [, lang] = /\.m?(tsx?)$/.exec(pathname) ?? [];
  if (lang)
    return { format: 'module', source: await compiled(path, lang as 'ts' | 'tsx'), shortCircuit: true };
  const loaded = await next(url, context);
  // Node says what is wrong with a module, and not in which file.
  if (loaded.format === 'module' && loaded.source && !pathname.includes('/node_modules/'))
    refuse(path, parseSync('module.js', String(loaded.source), { sourceType: 'module' }).errors);
  return loaded;
}

async function compiled(path: string, lang: 'ts' | 'tsx'): Promise<string> {
  const { code, map, errors } = transformSync(path, await readFile(path, 'utf8'), {
    lang,
    sourceType: 'module',
    sourcemap: true,
    target: 'es2022',
    decorator: { legacy: true, emitDecoratorMetadata: true },
    helpers: { mode: 'External' as HelperMode },
    jsx: { runtime: 'classic' },
  });
  refuse(path, errors);
  const mapUrl = `data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
  return `${code}\n//# sourceMappingURL=${mapUrl}`;
}

interface Fault {
  severity: string;
  message: string;
  codeframe?: string | null;
}

function refuse(path: string, faults: readonly Fault[]): void {
  const fault = faults.find(({ severity }) => severity === 'Error');
  if (!fault) return;
  // The frame says the message again, and the name that it was given.
  const frame = fault.codeframe?.replace(/^\s*x .*\n/, '\n').replace(/,-\[.*?(\d+:\d+)\]/, ',-[$1]') ?? '';
  throw new SyntaxError(`${path}: ${fault.message}${frame.trimEnd()}`);
}
