import { showDirections } from '../../../src/index.js';
import { failsOnPurpose, isSkipped, optionsOf, withoutOptions } from '../ipynb/cell-options.js';
import {
  type CodeCell,
  type ErrorOutput,
  hasTag,
  isCode,
  languageOf,
  type Notebook,
  type NotebookCell,
} from '../ipynb/notebook.js';
import { subtestsOf } from '../subtests.js';
import { stripAnsi } from './ansi.js';
import { duration, spanOf } from './facts.js';
import { highlightCell, languageOfCell } from './highlight.js';
import { escapeHtml } from './html.js';
import type { Heading, Markdown } from './markdown.js';
import { outputHtml, preHtml } from './outputs.js';
import { type CellVisibility, visibilityOf, visibleOutputs } from './visibility.js';

/** Lines of a cell's source shown before the rest is folded away. */
const SOURCE_LINES = 40;

/** A cell or subtest that failed, for the list at the top of the page. */
export interface Failure {
  /** Of its cell. */
  index: number;
  anchor: string;
  label: string;
  message: string;
}

export function cellHtml(cell: NotebookCell, index: number, notebook: Notebook, markdown: Markdown): string {
  if (isCode(cell))
    return cell.source.trim() || cell.outputs.length ? codeHtml(cell, index, notebook, markdown) : '';
  if (visibilityOf(cell).source === 'removed' || cell.source.trim() === '') return '';
  if (cell.cell_type === 'raw')
    return `<section class="cell raw">${preHtml(escapeHtml(cell.source), SOURCE_LINES)}</section>`;
  const html = markdown.render(cell.source, cell.attachments);
  return `<section class="cell prose">${visibilityOf(cell).source === 'folded' ? folded('Show text', html) : html}</section>`;
}

function codeHtml(cell: CodeCell, index: number, notebook: Notebook, markdown: Markdown): string {
  const visibility = visibilityOf(cell);
  const failed = errorOf(cell) !== undefined;
  const expected = failed && failsOnPurpose(cell);
  const unexpected = failed && !expected;
  const source = sourceHtml(cell, visibility, notebook);
  const outputs = outputsHtml(cell, visibility, expected, markdown);
  if (!source && !outputs && !unexpected) return '';
  const anchor = anchorOf(index);
  const name = labelOf(cell);
  const span = spanOf(cell);
  const marks = [
    failed && `<strong class="mark">${expected ? 'fails on purpose' : 'failed'}</strong>`,
    isSkipped(cell) && '<span class="skipped">not run here: the notebook says so</span>',
  ].filter(Boolean);
  const { label } = optionsOf(cell);
  const target =
    typeof label === 'string' && markdown.claim(label) ? `<span id="${escapeHtml(label)}"></span>` : '';
  const language = languageOfCell(withoutOptions(cell.source), languageOf(notebook));
  const head = `<p class="cell-head"><a class="number" href="#${anchor}">${escapeHtml(name)}</a>${
    source &&
    ` <span class="language">${escapeHtml(language.label)}${hasTag(cell, 'injected-parameters') ? ', parameters of this run' : ''}</span>`
  }${span ? ` <span class="duration" title="time this cell took">${duration(span)}</span>` : ''} ${marks.join(' ')}</p>`;
  // Of a cell without its source only what it made is of interest, as in a paper.
  const bare = !source && !unexpected;
  return `<section class="cell code${unexpected ? ' failed' : ''}" id="${anchor}" aria-label="Cell ${escapeHtml(name)}">
${target}${bare ? '' : head}
${source}
${outputs}
</section>`;
}

function sourceHtml(cell: CodeCell, { source }: CellVisibility, notebook: Notebook): string {
  if (source === 'removed' || cell.source.trim() === '') return '';
  const options = optionsOf(cell);
  const text = options.echo === 'fenced' ? cell.source : withoutOptions(cell.source);
  const language = languageOfCell(withoutOptions(cell.source), languageOf(notebook));
  const html = `<div class="source">${preHtml(highlightCell(text, language), SOURCE_LINES)}</div>`;
  const summary = options['code-summary'];
  return source === 'folded' ? folded(typeof summary === 'string' ? summary : 'Show code', html) : html;
}

function outputsHtml(
  cell: CodeCell,
  visibility: CellVisibility,
  expected: boolean,
  markdown: Markdown,
): string {
  const options = optionsOf(cell);
  const shown = visibleOutputs(cell, visibility, expected);
  const asis = options.output === 'asis';
  const alt = options['fig-alt'] ?? options.alt;
  const html = shown
    .map(output => outputHtml(output, markdown, { asis, ...(typeof alt === 'string' ? { alt } : {}) }))
    .join('\n');
  if (!html) return '';
  const figure = captionOf(options['fig-cap'] ?? options.caption, markdown);
  const table = captionOf(options['tbl-cap'], markdown);
  const captioned = figure || table ? `<figure class="captioned">${table}${html}${figure}</figure>` : html;
  const box = `<div class="outputs${visibility.scrolled ? ' scrolled' : ''}">${captioned}</div>`;
  return visibility.outputs === 'folded' ? folded('Show output', box) : box;
}

function captionOf(text: unknown, markdown: Markdown): string {
  const captions = (Array.isArray(text) ? text : [text]).filter(one => typeof one === 'string');
  return captions.length
    ? `<figcaption>${captions.map(one => markdown.inline(one)).join('<br>')}</figcaption>`
    : '';
}

const folded = (summary: string, html: string): string =>
  `<details class="folded"><summary>${escapeHtml(summary)}</summary>${html}</details>`;

/** Cells that failed, without those that are there to fail. */
export function failures(notebook: Notebook): Failure[] {
  return notebook.cells.flatMap((cell, index) => {
    const error = isCode(cell) && !failsOnPurpose(cell) ? errorOf(cell) : undefined;
    if (!isCode(cell) || !error) return [];
    const message = [error.ename, gist(error.evalue)].filter(Boolean).join(': ');
    return [{ index, anchor: anchorOf(index), label: labelOf(cell), message: showDirections(message) }];
  });
}

/** Subtests that failed, but for those of which the error of a cell speaks already. */
export function failedSubtests(notebook: Notebook): Failure[] {
  return subtestsOf(notebook).failed.flatMap(({ cell, path, message }) => {
    if (!failsOnPurpose(cell) && errorOf(cell)?.evalue.includes(message)) return [];
    const text = showDirections(`subtest “${path}”: ${gist(message)}`);
    const index = notebook.cells.indexOf(cell);
    return [{ index, anchor: anchorOf(index), label: labelOf(cell), message: text }];
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
    if (visibilityOf(cell).source === 'removed') return [];
    const [line = ''] = withoutOptions(cell.source).trim().split('\n');
    const text = `${labelOf(cell)} ${line.length > 40 ? `${line.slice(0, 39)}…` : line}`;
    return [{ level: 2, text: showDirections(text), id: anchorOf(index) }];
  });
}

const errorOf = (cell: CodeCell): ErrorOutput | undefined =>
  cell.outputs.find(output => output.output_type === 'error');
const anchorOf = (index: number): string => `cell-${index + 1}`;
function labelOf(cell: CodeCell): string {
  if (isSkipped(cell)) return 'skipped';
  return cell.execution_count === null ? 'not run' : `In [${cell.execution_count}]`;
}
