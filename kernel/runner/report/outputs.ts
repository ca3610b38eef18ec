import { showDirections } from '../../../src/index.js';
import { formatJson } from '../ipynb/json.js';
import {
  type ErrorOutput,
  isJsonType,
  type MimeData,
  type Output,
  type RichOutput,
} from '../ipynb/notebook.js';
import { ansiToHtml, stripAnsi } from './ansi.js';
import { highlight } from './highlight.js';
import { count, escapeHtml, splitLines } from './html.js';
import type { Markdown } from './markdown.js';
import { isPlot, plotHtml, plotOf } from './plots.js';
import { imageHtml, sanitise } from './sanitise.js';

/** Lines of an output shown before the rest is folded away. */
const OUTPUT_LINES = 30;
/** Folding a few lines only annoys. */
const SLACK = 8;

export interface OutputOptions {
  /** What was printed is Markdown. */
  asis?: boolean;
  /** What pictures show, for who does not see them. */
  alt?: string;
}

export function outputHtml(
  output: Output,
  markdown: Markdown,
  { asis = false, alt }: OutputOptions = {},
): string {
  switch (output.output_type) {
    case 'stream': {
      if (asis && output.name === 'stdout')
        return `<div class="output prose">${markdown.render(output.text)}</div>`;
      const html = preHtml(ansiToHtml(output.text.replace(/\n$/, '')), OUTPUT_LINES);
      return `<div class="output stream ${output.name}">${html}</div>`;
    }
    case 'error':
      return errorHtml(output);
    default: {
      const html = richHtml(output, markdown, alt);
      return html && `<div class="output rich">${html}</div>`;
    }
  }
}

function errorHtml({ ename, evalue, traceback }: ErrorOutput): string {
  const text = traceback.length ? traceback.join('\n') : `${ename}: ${evalue}`;
  return `<div class="output error" role="group" aria-label="Error"><p class="error-name">${escapeHtml(ename)}</p>${preHtml(ansiToHtml(text), 60)}</div>`;
}

/** The richest representation that a still page can show. */
function richHtml({ data, metadata }: RichOutput, markdown: Markdown, alt: string | undefined): string {
  const plain = alt ?? text(data['text/plain']);
  const size = (type: string): { width?: unknown; height?: unknown } =>
    (metadata[type] as object | undefined) ?? metadata;
  const plot = plotOf(data);
  if (plot) return plotHtml(plot, data, plain);
  if (data['text/html'] !== undefined) return `<div class="html">${sanitise(text(data['text/html']))}</div>`;
  if (data['text/markdown'] !== undefined)
    return `<div class="prose">${markdown.render(text(data['text/markdown']))}</div>`;
  for (const type of ['image/svg+xml', 'image/png', 'image/jpeg', 'image/gif', 'image/webp']) {
    if (data[type] !== undefined)
      return `<figure>${imageHtml(type, text(data[type]), stripAnsi(plain), size(type))}</figure>`;
  }
  if (data['text/latex'] !== undefined)
    return `<pre class="math-block">${escapeHtml(text(data['text/latex']))}</pre>`;
  if (data['text/plain'] !== undefined) return preHtml(ansiToHtml(text(data['text/plain'])), OUTPUT_LINES);
  return jsonHtml(data);
}

function jsonHtml(data: MimeData): string {
  const [type, value] = Object.entries(data).find(([name]) => isJsonType(name) && !isPlot(name)) ?? [];
  return type === undefined
    ? ''
    : preHtml(highlight(formatJson(value, { indent: '  ' }), 'json'), OUTPUT_LINES);
}

const text = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '' : formatJson(value, { indent: '  ' });

/** Preformatted HTML (text and spans) of which lines after `limit` are folded away. */
export function preHtml(html: string, limit: number): string {
  const lines = splitLines(showDirections(html));
  if (lines.length <= limit + SLACK) return `<pre tabindex="0">${lines.join('\n')}</pre>`;
  const rest = lines.length - limit;
  return (
    `<pre tabindex="0">${lines.slice(0, limit).join('\n')}</pre>` +
    `<details class="rest"><summary>${count(rest, 'more line')}</summary><pre tabindex="0">${lines.slice(limit).join('\n')}</pre></details>`
  );
}
