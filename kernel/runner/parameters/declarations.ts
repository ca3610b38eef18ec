import type { Expression, TSType, VariableDeclaration } from 'oxc-parser';
import { type DeclaredType, UNKNOWN } from './declared-type.js';
import { pythonDeclarations } from './python.js';

/** A variable of the cell tagged `parameters`. */
export interface Declaration {
  type: DeclaredType;
  /** `const`, `let` or `var`: a variable can be declared again with the same keyword only. */
  keyword?: string;
  /** Counts from 1. */
  line: number;
  /** That line. */
  text: string;
}

/** What the cell declares at its top level; undefined where it cannot be read, so that nothing is known. */
export async function declarationsIn(
  source: string,
  language: string,
): Promise<Map<string, Declaration> | undefined> {
  if (language === 'python') return pythonDeclarations(source);
  // A run without parameters needs no parser.
  const { parseSync } = await import('oxc-parser');
  const { boundNames } = await import('../../typescript/child/syntax-tree.js');
  const { declaredType } = await import('./type-in-source.js');
  const code = source.replace(/^\s*(?:%|#\s?\|).*$/gm, line => ' '.repeat(line.length));
  const { program, errors } = parseSync('parameters.ts', code);
  if (errors.length > 0) return undefined;
  const found = new Map<string, Declaration>();
  for (const statement of program.body) {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declaration?.type !== 'VariableDeclaration') continue;
    for (const { id, init } of (declaration as VariableDeclaration).declarations) {
      const names = new Set<string>();
      boundNames(id, names);
      const annotation =
        'typeAnnotation' in id ? (id.typeAnnotation?.typeAnnotation as TSType | undefined) : undefined;
      const type = id.type === 'Identifier' ? declaredType(annotation, init as Expression | null) : UNKNOWN;
      const line = code.slice(0, id.start).split('\n').length;
      const text = source.split('\n')[line - 1]!.trim();
      for (const name of names) found.set(name, { type, keyword: declaration.kind, line, text });
    }
  }
  return found;
}
