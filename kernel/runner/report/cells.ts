import { showDirections } from '../../../src/index.js';
import {
  type CodeCell,
  type ErrorOutput,
  hasTag,
  isCode,
  languageOf,
  type Notebook,
  type NotebookCell,
} from '../ipynb/notebook.js';
import { stripAnsi } from './ansi.js';
import { duration, spanOf } from './facts.js';
import { highlightCell, languageOfCell } from './highlight.js';
import { escapeHtml } from './html.js';
import type { Heading, Markdown } from './markdown.js';
import { outputHtml, preHtml } from './outputs.js';

/** Lines of a cell's source shown before the rest is folded away. */
const SOURCE_LINES = 40;

/** A cell that failed, for the list at the top of the page. */
export interface Failure {
  anchor: string;
  label: string;
  message: string;
}

export function cellHtml(cell: NotebookCell, index: number, notebook: Notebook, markdown: Markdown): string {
  if (isCode(cell))
    return cell.source.trim() || cell.outputs.length ? codeHtml(cell, index, notebook, markdown) : '';
  if (cell.cell_type === 'raw')
    return `<section class="cell raw">${preHtml(escapeHtml(cell.source), SOURCE_LINES)}</section>`;
  return `<section class="cell prose">${markdown.render(cell.source, cell.attachments)}</section>`;
}

function codeHtml(cell: CodeCell, index: number, notebook: Notebook, markdown: Markdown): string {
  const anchor = anchorOf(index);
  const language = languageOfCell(cell.source, languageOf(notebook));
  const span = spanOf(cell);
  const failed = errorOf(cell) !== undefined;
  const expected = failed && hasTag(cell, 'raises-exception');
  const name = labelOf(cell);
  const source = `<div class="source">${preHtml(highlightCell(cell.source, language), SOURCE_LINES)}</div>`;
  const outputs = cell.outputs.map(output => outputHtml(output, markdown)).join('\n');
  return `<section class="cell code${failed ? ' failed' : ''}" id="${anchor}" aria-label="Cell ${escapeHtml(name)}">
<p class="cell-head"><a class="number" href="#${anchor}">${escapeHtml(name)}</a> <span class="language">${escapeHtml(language.label)}${hasTag(cell, 'injected-parameters') ? ', parameters of this run' : ''}</span>${
    span ? ` <span class="duration" title="time this cell took">${duration(span)}</span>` : ''
  }${failed ? ` <strong class="mark">${expected ? 'fails on purpose' : 'failed'}</strong>` : ''}</p>
${source}
${outputs && `<div class="outputs">${outputs}</div>`}
</section>`;
}

/** Cells that failed, without those that are there to fail. */
export function failures(notebook: Notebook): Failure[] {
  return notebook.cells.flatMap((cell, index) => {
    const error = isCode(cell) && !hasTag(cell, 'raises-exception') ? errorOf(cell) : undefined;
    if (!isCode(cell) || !error) return [];
    const message = [error.ename, gist(error.evalue)].filter(Boolean).join(': ');
    return [{ anchor: anchorOf(index), label: labelOf(cell), message: showDirections(message) }];
  });
}

/** The first line, and where that announces the reason, the last one. */
function gist(message: string): string {
  const [first = '', ...rest] = stripAnsi(message).trim().split('\n');
  return first.endsWith(':') && rest.length > 0 ? `${first} ${rest.at(-1)!.trim()}` : first;
}

/** Code cells for the contents of a notebook without headings. */
export function outline(notebook: Notebook): Heading[] {
  return notebook.cells.flatMap((cell, index) => {
    if (!isCode(cell) || !cell.source.trim()) return [];
    const [line = ''] = cell.source.trim().split('\n');
    const text = `${labelOf(cell)} ${line.length > 40 ? `${line.slice(0, 39)}…` : line}`;
    return [{ level: 2, text: showDirections(text), id: anchorOf(index) }];
  });
}

const errorOf = (cell: CodeCell): ErrorOutput | undefined =>
  cell.outputs.find(output => output.output_type === 'error');
const anchorOf = (index: number): string => `cell-${index + 1}`;
const labelOf = (cell: CodeCell): string =>
  cell.execution_count === null ? 'not run' : `In [${cell.execution_count}]`;
