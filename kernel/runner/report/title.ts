import { basename } from 'node:path';
import MarkdownIt from 'markdown-it';
import { parseDocument } from 'yaml';
import { isObject } from '../../../src/index.js';
import type { Notebook, NotebookCell } from '../ipynb/notebook.js';

/**
 * The page's title: of the notebook's metadata, of the front matter that Quarto and MyST have, else its first heading, else the file's
 * name. A title that stands at the top of the notebook is taken from there, so that it is not shown twice.
 */
export function takeTitle(notebook: Notebook, file: string): { title: string; notebook: Notebook } {
  const [first, ...rest] = notebook.cells;
  const matter = first && frontMatter(first);
  const cells = first && matter ? [{ ...first, source: matter.rest }, ...rest] : notebook.cells;
  const heading = firstHeading(cells);
  const title =
    textOf(notebook.metadata.title) ?? textOf(matter?.title) ?? heading?.text ?? basename(file, '.ipynb');
  if (!heading || heading.index > 0 || heading.before !== '' || heading.text !== title)
    return { title, notebook: { ...notebook, cells } };
  const [top, ...others] = cells;
  return { title, notebook: { ...notebook, cells: [{ ...top!, source: heading.rest }, ...others] } };
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

/** YAML between two lines of dashes at the top of a Markdown or raw cell. */
function frontMatter({ cell_type, source }: NotebookCell): { title: unknown; rest: string } | undefined {
  const [whole, yaml] = /^\s*---[ \t]*\n([\s\S]*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)/.exec(source) ?? [];
  if (cell_type === 'code' || whole === undefined) return undefined;
  const document = parseDocument(yaml!, { logLevel: 'silent' });
  const values = document.errors.length > 0 ? undefined : (document.toJSON() as unknown);
  return isObject(values) ? { title: values.title, rest: source.slice(whole.length) } : undefined;
}

interface FirstHeading {
  text: string;
  /** Of its cell. */
  index: number;
  /** What stands in the cell before it and behind it. */
  before: string;
  rest: string;
}

const parser = new MarkdownIt({ html: true });

function firstHeading(cells: readonly NotebookCell[]): FirstHeading | undefined {
  for (const [index, { cell_type, source }] of cells.entries()) {
    if (cell_type !== 'markdown') continue;
    const tokens = parser.parse(source, {});
    const at = tokens.findIndex(({ type }) => type === 'heading_open');
    if (at < 0) continue;
    const children = tokens[at + 1]!.children ?? [];
    const text = children
      .filter(({ type }) => type === 'text' || type === 'code_inline')
      .map(({ content }) => content)
      .join('')
      .trim();
    if (!text) continue;
    const [begin, end] = tokens[at]!.map!;
    const lines = source.split('\n');
    return {
      text,
      index,
      before: lines.slice(0, begin).join('\n').trim(),
      rest: lines.slice(end).join('\n'),
    };
  }
  return undefined;
}
