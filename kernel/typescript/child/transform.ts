import { SourceMap } from 'node:module';
import { type ParseResult, parseSync } from 'oxc-parser';
import { transformSync } from 'oxc-transform';
import type { Place } from '../excerpt.js';
import type { CellText } from '../messages.js';
import { compileFully, lowering } from './compile.js';
import { decoratorsOf } from './decorators.js';
import { sourceOfFunction } from './properties.js';
import { rewriteForRepl } from './rewrite.js';
import { CellSyntaxError, firstError } from './syntax-error.js';

/** A cell's code as V8 runs it, and the way back from its positions. */
export interface Runnable {
  code: string;
  /** Whether the cell ends with an expression, whose value is then the cell's. */
  hasValue: boolean;
  /** Where a place of `code` lies in the cell's TypeScript; undefined for code of our own. */
  original(place: Place): Place | undefined;
}

/** Strips types, lowers what Node 20 does not know, and makes a module's syntax fit for an evaluation. */
export function transform(cell: CellText): Runnable {
  const { source, lang, parsed } = understand(cell);
  const stripped = lang === 'js' ? undefined : strip(source, lang, parsed, cell);
  const rewritten = rewriteForRepl(stripped?.code ?? source);
  const shift = source === cell.code ? 0 : 1;
  let maps: SourceMap[] | undefined;
  return {
    code: rewritten.code,
    hasValue: endsWithExpression(parsed),
    original({ line, column }) {
      maps ??= [rewritten.map(), stripped?.map].flatMap(map => (map ? [new SourceMap(map as never)] : []));
      let at: { line: number; column: number } | undefined = { line: line - 1, column: column - 1 };
      for (const map of maps) at = at && through(map, at);
      return at && { line: at.line + 1, column: Math.max(1, at.column + 1 - (at.line === 0 ? shift : 0)) };
    },
  };
}

type Lang = 'js' | 'ts' | 'tsx';

/**
 * Cells that may run as they are if they are JavaScript, say `1 + 1` or `foo.bar()`: without `<` they mean the same in TypeScript
 * (`f<number>(x)` does not), and what else is excluded is lowered, checked or rewritten.
 */
const MAY_BE_PLAIN =
  /^(?![\s\S]*(?:[<@]|\b(?:using|let|const|var|class|function|for|while|import|export)\b))/;

/** The first use of what strips types loads it, which takes as long as all else of this process. */
export function loadTools(): void {
  transformSync('cell.ts', '', lowering);
}

function strip(
  source: string,
  lang: Exclude<Lang, 'js'>,
  { program }: ParseResult,
  cell: CellText,
): { code: string; map?: object } {
  const decorators = source.includes('@')
    ? decoratorsOf(program, { folder: process.cwd(), sourceOf: sourceOfFunction })
    : undefined;
  if (decorators === 'standard') return compileFully(source, lang, { keepImports: true });
  const output = transformSync(`cell.${lang}`, source, {
    lang,
    ...lowering,
    typescript: { onlyRemoveTypeImports: true },
  });
  const error = firstError(output.errors);
  if (error) throw new CellSyntaxError(error, cell);
  return output as { code: string; map?: object };
}

function through(map: SourceMap, { line, column }: Place): Place | undefined {
  const entry = map.findEntry(line, column);
  return 'originalLine' in entry ? { line: entry.originalLine, column: entry.originalColumn } : undefined;
}

/** Finds the language of a cell: an object literal alone is an expression, and JSX is tried where TypeScript fails. */
function understand({ code, ...cell }: CellText): { source: string; lang: Lang; parsed: ParseResult } {
  const parse = (source: string, lang: Lang) => {
    const parsed = parseSync(`cell.${lang}`, source, { sourceType: 'module' });
    return { source, lang, parsed, error: firstError(parsed.errors) };
  };
  const sources = /^\s*\{[\s\S]*\}\s*$/.test(code) ? [`(${code})`, code] : [code];
  const languages: Lang[] = MAY_BE_PLAIN.test(code) ? ['js', 'ts'] : ['ts'];
  for (const source of sources) {
    for (const lang of languages) {
      const understood = parse(source, lang);
      if (!understood.error) return understood;
    }
  }
  if (/<\/|\/>/.test(code)) {
    const jsx = parse(code, 'tsx');
    if (!jsx.error) return jsx;
  }
  throw new CellSyntaxError(parse(code, 'ts').error!, { ...cell, code });
}

function endsWithExpression({ program }: ParseResult): boolean {
  return (
    program.body.findLast(statement => statement.type !== 'EmptyStatement')?.type === 'ExpressionStatement'
  );
}
