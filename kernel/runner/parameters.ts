import { randomUUID } from 'node:crypto';
import { NxcError, nearest } from '../../src/index.js';
import { variableNameFault } from '../variable-name.js';
import { type CodeCell, hasTag, isCode, languageOf, type Notebook } from './ipynb/notebook.js';

/** A parameter that cannot be understood. */
class ParameterError extends NxcError {}

export type Parameters = Record<string, unknown>;

/**
 * `name=value` of the command line. A value that is JSON (number, boolean, null, list, object, quoted string) is that,
 * everything else is a string; so is a whole number that a double cannot hold exactly.
 */
export function parseParameters(words: readonly string[]): Parameters {
  return Object.fromEntries(
    words.map(word => {
      const [, name, value] = /^([^=]*)=(.*)$/s.exec(word) ?? [];
      if (name === undefined || value === undefined) {
        throw new ParameterError({
          asked: `the parameter "${word}" has no value`,
          todo: 'write it as -p name=value',
        });
      }
      const fault = variableNameFault(name);
      if (fault)
        throw new ParameterError({ asked: `"${name}" is not a valid name for a parameter`, found: fault });
      return [name, parseValue(value)];
    }),
  );
}

function parseValue(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    const exact =
      typeof value !== 'number' ||
      (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)));
    return exact ? value : text;
  } catch {
    return text;
  }
}

/**
 * Puts a cell with the values after the cell tagged `parameters` (at the top when there is none), in place of one that an
 * earlier run left: https://papermill.readthedocs.io/en/latest/usage-parameterize.html. Returns warnings about names that the notebook does not declare.
 */
export async function injectParameters(notebook: Notebook, parameters: Parameters): Promise<string[]> {
  const names = Object.keys(parameters);
  if (!names.length) return [];
  const declaring = notebook.cells.find(
    (cell): cell is CodeCell => isCode(cell) && hasTag(cell, 'parameters'),
  );
  const language = languageOf(notebook);
  const declared = declaring && isScript(language) ? await declarations(declaring.source) : undefined;
  const injected: CodeCell = {
    cell_type: 'code',
    id: randomUUID().slice(0, 8),
    source: sourceOf(parameters, language, declared),
    metadata: { tags: ['injected-parameters'] },
    execution_count: null,
    outputs: [],
  };
  const old = notebook.cells.findIndex(cell => hasTag(cell, 'injected-parameters'));
  if (old >= 0) notebook.cells[old] = injected;
  else notebook.cells.splice(declaring ? notebook.cells.indexOf(declaring) + 1 : 0, 0, injected);
  return names
    .filter(name => declared && !declared.has(name))
    .map(name => unknownName(name, [...declared!.keys()]));
}

function unknownName(name: string, known: string[]): string {
  const near = nearest(name, known);
  const hint = near.length
    ? `did you mean ${near.join(', ')}?`
    : `it declares ${known.join(', ') || 'nothing'}`;
  return `the cell tagged "parameters" does not declare "${name}"; ${hint}`;
}

const isScript = (language: string): boolean => language === 'typescript' || language === 'javascript';

/** A variable can be declared again with the same keyword only. */
function sourceOf(
  parameters: Parameters,
  language: string,
  declared: Map<string, string> | undefined,
): string {
  const line = ([name, value]: [string, unknown]): string => {
    if (isScript(language)) return `${declared?.get(name) ?? 'let'} ${name} = ${JSON.stringify(value)};`;
    if (language === 'python') return `${name} = ${pythonLiteral(value)}`;
    throw new ParameterError({
      asked: `parameters cannot be given to a notebook in ${language}`,
      found: 'parameters are written as TypeScript, JavaScript or Python',
    });
  };
  return [`${language === 'python' ? '#' : '//'} Parameters`, ...Object.entries(parameters).map(line)].join(
    '\n',
  );
}

/** Variables that a cell declares at its top level, with the keyword (`const`, `let`, `var`). */
async function declarations(source: string): Promise<Map<string, string>> {
  // A run without parameters needs no parser.
  const { parseSync } = await import('oxc-parser');
  const { boundNames } = await import('../typescript/child/syntax-tree.js');
  const code = source.replace(/^\s*%.*$/gm, '');
  const found = new Map<string, string>();
  for (const statement of parseSync('parameters.ts', code).program.body) {
    if (statement.type !== 'VariableDeclaration') continue;
    const names = new Set<string>();
    for (const { id } of statement.declarations) boundNames(id, names);
    for (const name of names) found.set(name, statement.kind);
  }
  return found;
}

function pythonLiteral(value: unknown): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`;
  if (typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}: ${pythonLiteral(member)}`,
  );
  return `{${members.join(', ')}}`;
}
