import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { parseSync } from 'oxc-parser';
import { type HelperMode, transformSync } from 'oxc-transform';
import { excerpt } from '../excerpt.js';
import { decoratorsOf } from './decorators.js';

export type Lang = 'ts' | 'tsx';
export type ModuleKind = 'module' | 'commonjs';

const require = createRequire(import.meta.url);

/** Options for what Node 20 does not have of JavaScript, and for TypeScript. */
export const lowering = {
  sourceType: 'module',
  sourcemap: true,
  target: 'es2022',
  decorator: { legacy: true, emitDecoratorMetadata: true },
  helpers: { mode: 'External' as HelperMode },
  jsx: { runtime: 'classic' },
} as const;

/** A TypeScript file as JavaScript with its source map in it. Throws SyntaxError with the file and the place. */
export function compileFile(path: string, source: string, lang: Lang, kind: ModuleKind): string {
  const parsed = parseSync(`file.${lang}`, source, { sourceType: 'module' });
  refuse(path, parsed.errors, source);
  const isScript = kind === 'module' || !parsed.module.hasModuleSyntax;
  const decorators = source.includes('@')
    ? decoratorsOf(parsed.program, { folder: dirname(path) })
    : undefined;
  if (decorators === 'standard' || !isScript) {
    const { code, map } = compileFully(source, lang, { experimental: decorators === 'experimental', kind });
    return withMap(code, map);
  }
  const { code, map, errors } = transformSync(path, source, { lang, ...lowering });
  refuse(path, errors, source);
  return withMap(code, map);
}

/**
 * The same by TypeScript itself, which knows standard decorators and makes CommonJS of a module: it takes a while to load, so
 * only such sources go this way.
 */
export function compileFully(
  source: string,
  lang: Lang,
  {
    experimental = false,
    kind = 'module',
    keepImports = false,
  }: { experimental?: boolean; kind?: ModuleKind; keepImports?: boolean },
): { code: string; map: object } {
  const typescript = require('typescript') as typeof import('typescript');
  const { outputText, sourceMapText } = typescript.transpileModule(source, {
    fileName: `file.${lang}`,
    compilerOptions: {
      target: typescript.ScriptTarget.ES2022,
      module: kind === 'module' ? typescript.ModuleKind.ESNext : typescript.ModuleKind.CommonJS,
      jsx: typescript.JsxEmit.React,
      esModuleInterop: true,
      experimentalDecorators: experimental,
      emitDecoratorMetadata: experimental,
      verbatimModuleSyntax: keepImports,
      sourceMap: true,
    },
  });
  return {
    code: outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, ''),
    map: { ...(JSON.parse(sourceMapText!) as object), sourcesContent: [source] },
  };
}

function withMap(code: string, map: object | undefined): string {
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
}

interface Fault {
  severity: string;
  message: string;
  labels: Array<{ start: number }>;
}

/** Throws what is wrong with a file as a cell shows it: the place, the lines around it and a caret. */
export function refuse(path: string, faults: readonly Fault[], source: string): void {
  const fault = faults.find(({ severity }) => severity === 'Error');
  if (!fault) return;
  const before = source.slice(0, fault.labels.at(-1)?.start ?? 0).split('\n');
  const place = { line: before.length, column: before.at(-1)!.length + 1 };
  const lines = stripVTControlCharacters(excerpt(source, place).join('\n'));
  const error = new SyntaxError(`${path}:${place.line}:${place.column}: ${fault.message}\n${lines}`);
  // Its frames would be those of this compiler.
  error.stack = `${error.name}: ${error.message}\n    at ${path}:${place.line}:${place.column}`;
  throw error;
}

/** Code that a worker is given as text: what is JavaScript stays as it is. */
export function asScript(code: string): string {
  if (!parseSync('worker.cjs', code, { lang: 'js', sourceType: 'script' }).errors.length) return code;
  const { code: script, errors } = transformSync('worker.ts', code, {
    lang: 'ts',
    ...lowering,
    sourceType: 'script',
  });
  return errors.some(({ severity }) => severity === 'Error') ? code : script;
}
