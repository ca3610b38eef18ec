/**
 * Parameters of a run: what `-p` gives replaces what the cell tagged `parameters` declares, as papermill has it:
 * https://papermill.readthedocs.io/en/latest/usage-parameterize.html
 */
import { randomUUID } from 'node:crypto';
import { nearest } from '../../../src/index.js';
import { type CodeCell, hasTag, isCode, languageOf, type Notebook } from '../ipynb/notebook.js';
import { type Declaration, declarationsIn } from './declarations.js';
import { ParameterError } from './error.js';
import type { GivenParameters } from './given.js';
import { typescriptLiteral } from './literal.js';
import { pythonLiteral } from './python.js';
import { parameterValue } from './value.js';

export type Parameters = Record<string, unknown>;

/**
 * Puts a cell with the values behind the cell tagged `parameters`, in place of one that an earlier run left, and gives the values.
 * Throws ParameterError for a name that is not declared, and for a value of another type than the declared one.
 */
export async function injectParameters(notebook: Notebook, given: GivenParameters): Promise<Parameters> {
  if (given.size === 0) return {};
  const language = languageOf(notebook);
  if (!['typescript', 'javascript', 'python'].includes(language)) {
    throw new ParameterError({
      asked: `parameters cannot be given to a notebook in ${language}`,
      found: 'parameters are written as TypeScript, JavaScript or Python',
    });
  }
  const declaring = declaringCell(notebook);
  const declared = await declarationsIn(declaring.source, language);
  const values = Object.fromEntries(
    [...given].map(([name, one]) => {
      if (declared && !declared.has(name)) throw unknownName(name, [...declared.keys()]);
      return [name, parameterValue(name, one, declared?.get(name))];
    }),
  );
  const injected: CodeCell = {
    cell_type: 'code',
    id: randomUUID().slice(0, 8),
    source: sourceOf(values, language, declared),
    metadata: { tags: ['injected-parameters'] },
    execution_count: null,
    outputs: [],
  };
  notebook.cells = notebook.cells.filter(cell => !hasTag(cell, 'injected-parameters'));
  notebook.cells.splice(notebook.cells.indexOf(declaring) + 1, 0, injected);
  return values;
}

function declaringCell(notebook: Notebook): CodeCell {
  const tagged = notebook.cells.filter(
    (cell): cell is CodeCell => isCode(cell) && hasTag(cell, 'parameters'),
  );
  const [first, second] = tagged;
  if (!first) {
    throw new ParameterError({
      asked: 'the notebook has no cell tagged "parameters", so that nothing can be given to it',
      todo: 'tag the cell that declares them: in JupyterLab select it, open the Property Inspector (the gears on the right) and add the tag "parameters"',
    });
  }
  if (!second) return first;
  const places = tagged.map(cell => notebook.cells.indexOf(cell) + 1).join(' and ');
  throw new ParameterError({
    asked: `${tagged.length} cells are tagged "parameters": cells ${places}`,
    todo: 'leave the tag on one of them',
  });
}

function unknownName(name: string, known: string[]): ParameterError {
  return new ParameterError({
    asked: `the cell tagged "parameters" does not declare "${name}"`,
    nearest: nearest(name, known),
    found: `it declares ${known.join(', ') || 'nothing'}`,
  });
}

function sourceOf(
  values: Parameters,
  language: string,
  declared: ReadonlyMap<string, Declaration> | undefined,
): string {
  const python = language === 'python';
  const lines = Object.entries(values).map(([name, value]) =>
    python
      ? `${name} = ${pythonLiteral(value)}`
      : `${declared?.get(name)?.keyword ?? 'let'} ${name} = ${typescriptLiteral(value)};`,
  );
  return [`${python ? '#' : '//'} Parameters`, ...lines].join('\n');
}
