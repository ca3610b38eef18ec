/**
 * The HTML report of an executed notebook: one file that works offline and asks nobody for anything.
 * What a notebook holds is not trusted. It is escaped or sanitised, and the page's content security policy allows no
 * script but the page's own (by hash) and no request at all.
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { assetPath, version } from '../../../src/assets.js';
import { isCode, type Notebook } from '../ipynb/notebook.js';
import { cellHtml, failedSubtests, failures, outline } from './cells.js';
import { escapeHtml } from './html.js';
import { type Heading, Markdown } from './markdown.js';
import { pageScripts, plotOf } from './plots.js';
import { provenanceHtml } from './provenance.js';
import { summaryHtml } from './summary.js';
import { takeTitle } from './title.js';

/** The report as text. `file` is the notebook's name, for the title and provenance. */
export async function renderReport(notebook: Notebook, file: string): Promise<string> {
  const { title, notebook: body } = takeTitle(notebook, file);
  const markdown = new Markdown();
  const cells = body.cells.map((cell, index) => cellHtml(cell, index, body, markdown)).join('\n');
  const headings = markdown.headings.filter(heading => heading.level <= 3);
  const [css, scripts] = await Promise.all([
    readFile(assetPath('kernel/runner/report/report.css'), 'utf8'),
    pageScripts(hasPlots(notebook)),
  ]);
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map(script => script.csp).join(' ')}`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<meta name="generator" content="nxc ${version()}">
<title>${escapeHtml(title)}</title>
<style>
${css}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the notebook</a>
<header class="top">
<p class="kicker">NixOS Compose report</p>
<h1>${escapeHtml(title)}</h1>
${summaryHtml(notebook)}
${failuresHtml(notebook)}
</header>
<div class="layout">
${contentsHtml(headings.length > 0 ? headings : outline(body))}
<main id="main">
${cells}
${provenanceHtml(notebook, file)}
</main>
</div>
<footer><p>Made from <code>${escapeHtml(basename(file))}</code> by nxc ${version()}. This page is complete in itself and loads nothing.</p></footer>
${scripts.map(script => script.html).join('\n')}
</body>
</html>
`;
}

function failuresHtml(notebook: Notebook): string {
  const list = [...failures(notebook), ...failedSubtests(notebook)].sort((a, b) => a.index - b.index);
  if (!list.length) return '';
  const items = list.map(
    ({ anchor, label, message }) =>
      `<li><a href="#${anchor}">${escapeHtml(label)}</a> ${escapeHtml(message)}</li>`,
  );
  return `<section class="failures" aria-label="What failed"><ul>${items.join('')}</ul></section>`;
}

function contentsHtml(headings: readonly Heading[]): string {
  const items = [...headings, { level: 2, text: 'Provenance', id: 'provenance' }].map(
    ({ level, text, id }) =>
      `<li class="level-${level}"><a href="#${escapeHtml(encodeURIComponent(id))}">${escapeHtml(text)}</a></li>`,
  );
  return `<nav class="contents" aria-label="Contents"><details open><summary>Contents</summary><ul>${items.join('')}</ul></details>
<button type="button" id="toggle-code" aria-pressed="false" hidden>Hide code</button></nav>`;
}

const hasPlots = (notebook: Notebook): boolean =>
  notebook.cells.some(
    cell => isCode(cell) && cell.outputs.some(output => 'data' in output && plotOf(output.data)),
  );
