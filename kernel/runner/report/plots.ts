import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { assetPath } from '../../../src/assets.js';
import type { MimeData } from '../ipynb/notebook.js';
import { stripAnsi } from './ansi.js';
import { escapeHtml, scriptJson } from './html.js';
import { imageHtml } from './sanitise.js';

const PLOT = /^application\/vnd\.(vega|vegalite)\.v\d+\+json$/;

export const isPlot = (type: string): boolean => PLOT.test(type);

interface Plot {
  mode: 'vega' | 'vega-lite';
  spec: Record<string, unknown>;
}

export function plotOf(data: MimeData): Plot | undefined {
  const type = Object.keys(data).filter(isPlot).sort().at(-1);
  const spec = type && data[type];
  if (!type || typeof spec !== 'object' || spec === null) return undefined;
  return { mode: type.includes('vegalite') ? 'vega-lite' : 'vega', spec: spec as Record<string, unknown> };
}

/** The still picture first: it stays where no script runs, and on paper. report.js draws the live plot and hides it. */
export function plotHtml({ mode, spec }: Plot, data: MimeData, plain: string): string {
  const png = data['image/png'];
  const alt = altText(spec, plain);
  const still =
    typeof png === 'string'
      ? imageHtml('image/png', png, alt)
      : `<pre tabindex="0">${escapeHtml(stripAnsi(plain))}</pre>`;
  return (
    `<figure class="plot" data-mode="${mode}" aria-label="${escapeHtml(alt)}"><div class="still">${still}</div>` +
    `<div class="live" hidden></div><script type="application/json">${scriptJson(spec)}</script></figure>`
  );
}

function altText(spec: Record<string, unknown>, plain: string): string {
  const title = typeof spec.title === 'object' ? (spec.title as { text?: unknown } | null)?.text : spec.title;
  for (const candidate of [spec.description, title])
    if (typeof candidate === 'string' && candidate) return candidate;
  return stripAnsi(plain).split('\n')[0] || 'plot';
}

/** A script of the page and the CSP source that allows it and nothing else. */
export interface Script {
  html: string;
  csp: string;
}

/** The page's scripts; the plotting libraries only where there is something to plot. */
export async function pageScripts(plots: boolean): Promise<Script[]> {
  const libraries = plots ? await Promise.all(['vega', 'vega-lite', 'vega-embed'].map(library)) : [];
  const own = await readFile(assetPath('kernel/runner/report/report.js'), 'utf8');
  return [...libraries, own].map(script);
}

/** The browser build of a library with its licence, which its authors want to travel along. */
async function library(name: string): Promise<string> {
  const build = dirname(createRequire(import.meta.url).resolve(name));
  const [code, manifest, licence] = await Promise.all([
    readFile(join(build, `${name}.min.js`), 'utf8'),
    readFile(join(build, '../package.json'), 'utf8'),
    readFile(join(build, '../LICENSE'), 'utf8'),
  ]);
  const { version } = JSON.parse(manifest) as { version: string };
  return `/*! ${name} ${version}\n${licence.replaceAll('*/', '* /').trim()}\n*/\n${code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n')}`;
}

function script(code: string): Script {
  const safe = code.replace(/<(?=\/script|!--)/gi, '\\x3c');
  return {
    html: `<script>${safe}</script>`,
    csp: `'sha256-${createHash('sha256').update(safe).digest('base64')}'`,
  };
}
