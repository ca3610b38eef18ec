import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import * as vega from 'vega';
import { compile } from 'vega-lite';
import type { Spec } from './metrics-spec.js';
import { font } from './style.js';

/** Pixels a CSS pixel: sharp on today's screens and in print. */
const zoom = 2;
/** Pixels of a picture at most, 4 bytes each while it is drawn: a larger plot gets a coarser picture. */
const largest = 1 << 25;

/** Letters that the shipped font has: Latin, Greek, Cyrillic, punctuation and mathematics. */
const known = /^[\u0000-\u052f\u1e00-\u1fff\u2000-\u22ff\u25ca\ufeff]*$/;

/**
 * Draws a specification without browser or canvas and with a font that ships with this package. Tens to hundreds of
 * milliseconds in which nothing else happens in its thread: ask for pictures with toPng of png.ts.
 */
export async function draw(spec: Spec): Promise<Buffer> {
  const svg = await toSvg(spec);
  const require = createRequire(import.meta.url);
  const image = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: Math.min(zoom, Math.sqrt(largest / area(svg))) },
    font: {
      fontFiles: [
        require.resolve('@expo-google-fonts/roboto/400Regular/Roboto_400Regular.ttf'),
        require.resolve('@expo-google-fonts/roboto/500Medium/Roboto_500Medium.ttf'),
      ],
      // Looking through the system's fonts is slow, so only where the shipped one lacks letters.
      loadSystemFonts: !known.test(svg),
      defaultFontFamily: font,
      sansSerifFamily: font,
    },
  });
  return image.render().asPng();
}

/** CSS pixels. */
function area(svg: string): number {
  const [, width, height] = /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  return Number(width) * Number(height) || 1;
}

async function toSvg(spec: Spec): Promise<string> {
  const silent = { level: () => silent, error: warn, warn, info: () => silent, debug: () => silent };
  function warn() {
    return silent;
  }
  // Not in vega's types, and the only way to give it widths without a canvas.
  (vega as unknown as { textMetrics: { width: typeof textWidth } }).textMetrics.width = textWidth;
  const { spec: compiled } = compile(spec as never, { logger: silent as never });
  const view = new vega.View(vega.parse(compiled), { renderer: 'none', logger: silent as never });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** Vega guesses without a canvas, and a third too much; these are Roboto's widths, in parts of the font size, on average. */
function textWidth(item: { fontSize?: number }, text: string): number {
  let width = 0;
  for (const letter of String(text)) width += letterWidth(letter);
  return width * (item.fontSize ?? 11);
}

function letterWidth(letter: string): number {
  if (/[iljtfrI.,:;'|!()[\] ]/.test(letter)) return 0.29;
  if (/[mwMW@%]/.test(letter)) return 0.85;
  return /[A-Z]/.test(letter) ? 0.65 : 0.55;
}
