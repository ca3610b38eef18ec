import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { parseSync } from 'oxc-parser';
import { type HelperMode, transformSync } from 'oxc-transform';
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
  refuse(path, parsed.errors);
  const isScript = kind === 'module' || !parsed.module.hasModuleSyntax;
  const decorators = source.includes('@')
    ? decoratorsOf(parsed.program, { folder: dirname(path) })
    : undefined;
  if (decorators === 'standard' || !isScript) {
    const { code, map } = compileFully(source, lang, { experimental: decorators === 'experimental', kind });
    return withMap(code, map);
  }
  const { code, map, errors } = transformSync(path, source, { lang, ...lowering });
  refuse(path, errors);
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
  codeframe?: string | null;
}

export function refuse(path: string, faults: readonly Fault[]): void {
  const fault = faults.find(({ severity }) => severity === 'Error');
  if (!fault) return;
  // The frame says the message again, and the name that it was given.
  const frame = fault.codeframe?.replace(/^\s*x .*\n/, '\n').replace(/,-\[.*?(\d+:\d+)\]/, ',-[$1]') ?? '';
  throw new SyntaxError(`${path}: ${fault.message}${frame.trimEnd()}`);
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
