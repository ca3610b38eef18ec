import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CodeCell, MimeData, Notebook } from '../../kernel/runner/ipynb/notebook.js';
import { readNotebook } from '../../kernel/runner/ipynb/read.js';
import { renderReport } from '../../kernel/runner/report/page.js';
import { Table } from '../../src/display/table.js';
import { vegaLite } from '../../src/display/vega-lite.js';
import { plotRows } from '../../src/plots/plot.js';
import { launchChromium, noChromium } from '../helpers/chromium.js';

describe.skipIf(noChromium)(`a report in a browser${noChromium}`, () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nxc-report-'));
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Opens a fixture's report from file:// and waits until its scripts have done their work. */
  async function open(
    name: string,
    options: Parameters<Browser['newPage']>[0] = {},
  ): Promise<{ page: Page; requests: string[] }> {
    const source = fileURLToPath(new URL(`../fixtures/notebooks/${name}.ipynb`, import.meta.url));
    const file = join(folder, `${name}.html`);
    await writeFile(file, await renderReport(await readNotebook(source), source));
    const page = await browser.newPage(options);
    const requests: string[] = [];
    page.on('request', request => {
      if (!request.url().startsWith('data:')) requests.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
    if (options.javaScriptEnabled !== false) await page.waitForSelector('html[data-plots=drawn]');
    return { page, requests };
  }

  it('draws the plots and asks nobody for anything', async () => {
    const { page, requests } = await open('load');
    expect(await page.locator('figure.plot.drawn svg .mark-line path').count()).toBe(2);
    expect(await page.locator('figure.plot.drawn svg .mark-rect path').count()).toBe(6);
    expect(await page.locator('.still:visible').count()).toBe(0);
    expect(requests).toEqual([page.url()]);
    await page.close();
  });

  it.each(['light', 'dark'] as const)('gives plots the ink of a page that is %s', async colorScheme => {
    const { spec } = plotRows([
      { n: 1, time: 2 },
      { n: 2, time: 4 },
    ]);
    const data = { [vegaLite]: spec, 'text/plain': '' } as unknown as MimeData;
    const output = { output_type: 'display_data', data, metadata: {} };
    const cell = { cell_type: 'code', source: 'plot', execution_count: 1, outputs: [output], metadata: {} };
    const notebook = { cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 };
    const file = join(folder, `${colorScheme}.html`);
    await writeFile(file, await renderReport(notebook as unknown as Notebook, 'ink.ipynb'));
    const page = await browser.newPage({ colorScheme });
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector('html[data-plots=drawn]');
    const ink = await page.evaluate(() => getComputedStyle(document.querySelector('figure.plot')!).color);
    const colours = await page
      .locator('figure.plot svg text')
      .evaluateAll(texts => texts.map(text => getComputedStyle(text).fill));
    expect(colours.length).toBeGreaterThan(4);
    expect(new Set(colours)).toEqual(new Set([ink]));
    await page.close();
  });

  it('runs nothing that a hostile notebook brings, and loads nothing for it', async () => {
    const { page, requests } = await open('hostile');
    for (const mark of await page.locator('svg .mark-rect path').all()) await mark.hover({ force: true });
    await page.locator('text=Heading').last().click();
    for (const link of await page.locator('main a[href]').all()) {
      expect(await link.getAttribute('href')).toMatch(/^(#|https?:|mailto:)/);
    }
    expect(await page.evaluate(() => (window as { hacked?: string[] }).hacked)).toBeUndefined();
    expect(
      await page
        .locator(
          'iframe, object, embed, form:not(.vega-bindings), base, link:not([rel=icon]), .prose style, .html style, main .failures',
        )
        .count(),
    ).toBe(0);
    expect(await page.locator('body').isVisible()).toBe(true);
    expect(requests).toEqual([page.url()]);
    await page.close();
  });

  it('leads from the contents and from the failed cell to their places', async () => {
    const { page } = await open('load');
    const links = await page.locator('.contents a, .failures a, .summary a').all();
    expect(links.length).toBeGreaterThan(8);
    for (const link of links) {
      const target = await link.evaluate(
        a => document.getElementById(decodeURIComponent((a as HTMLAnchorElement).hash.slice(1)))?.tagName,
      );
      expect(target, (await link.textContent()) ?? '').toBeDefined();
    }
    await page.locator('.contents a', { hasText: 'Where it breaks' }).click();
    await expect
      .poll(() => page.locator('h2', { hasText: 'Where it breaks' }).boundingBox())
      .toMatchObject({ y: expect.closeTo(16, -1.5) });
    expect(await page.locator('.contents a[aria-current]').textContent()).toBe('Where it breaks');
    await page.close();
  });

  it('is complete without scripts: plots are pictures, everything is there', async () => {
    const { page } = await open('load', { javaScriptEnabled: false });
    expect(await page.locator('.still img:visible').count()).toBe(2);
    expect(await page.locator('#provenance').isVisible()).toBe(true);
    await page.close();
  });

  it.each([
    [1280, 'light'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)('fits a window of %i pixels (%s)', async (width, colorScheme) => {
    const { page } = await open('load', { viewport: { width, height: 800 }, colorScheme });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    await page.close();
  });

  it.each(['light', 'dark'] as const)('has text that stands out from its ground (%s)', async colorScheme => {
    const { page } = await open('load', { colorScheme });
    expect(await page.evaluate(weakContrasts)).toEqual([]);
    await page.close();
  });

  it('uses the width of the window and of the paper for wide tables and long lines', async () => {
    const row = Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`column${i}`, `value number ${i}`]));
    const data = new Table([row], { title: 'wide' }).toMimeBundle() as MimeData;
    const cell: CodeCell = {
      id: 'wide',
      cell_type: 'code',
      source: `f(${'"word", '.repeat(60)})`,
      execution_count: 1,
      metadata: {},
      outputs: [{ output_type: 'display_data', data, metadata: {} }],
    };
    const file = join(folder, 'wide.html');
    const notebook: Notebook = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] };
    await writeFile(file, await renderReport(notebook, 'wide.ipynb'));
    const page = await browser.newPage({ viewport: { width: 1900, height: 800 } });
    await page.goto(pathToFileURL(file).href);
    const hidden = () =>
      page.evaluate(() =>
        Array.from(document.querySelectorAll('.html, pre')).map(one =>
          Math.max(0, one.scrollWidth - one.clientWidth),
        ),
      );
    expect(await hidden()).toEqual([0, 0]);
    await page.emulateMedia({ media: 'print' });
    // A4 without its margins, at 96 pixels an inch.
    await page.setViewportSize({ width: 673, height: 1000 });
    expect(await hidden()).toEqual([0, 0]);
    await page.close();
  });

  it('hides the code when asked', async () => {
    const { page } = await open('load');
    const button = page.getByRole('button', { name: 'Hide code' });
    await button.click();
    expect(await page.locator('.source:visible').count()).toBe(0);
    await page.getByRole('button', { name: 'Show code', pressed: true }).click();
    expect(await page.locator('.source:visible').count()).toBeGreaterThan(5);
    await page.close();
  });
});

/** Texts with a contrast below 4.5:1 (WCAG 2.2 AA) against the nearest opaque background. */
function weakContrasts(): string[] {
  const channel = (value: number) =>
    value <= 10.31475 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  const pen = document.createElement('canvas').getContext('2d')!;
  const parse = (colour: string): number[] => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return Array.from(pen.getImageData(0, 0, 1, 1).data);
  };
  const luminance = ([r = 0, g = 0, b = 0]: number[]) =>
    0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ground = (element: Element | null): number[] => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255];
  };
  const weak: string[] = [];
  for (const element of Array.from(document.querySelectorAll('body *:not(svg *, script)'))) {
    const text = Array.from(element.childNodes)
      .filter(node => node.nodeType === 3)
      .map(node => node.textContent)
      .join('')
      .trim();
    if (!text || !element.checkVisibility()) continue;
    const [a, b] = [luminance(parse(getComputedStyle(element).color)), luminance(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5 && !element.closest('.vega-embed'))
      weak.push(`${text.slice(0, 30)} ${ratio.toFixed(2)} ${element.className}`);
  }
  return weak;
}
