import { pictureOf } from '../../src/index.js';
import type { MimeData } from '../session/interpreter.js';

const VEGA_LITE = 'application/vnd.vegalite.v5+json';

/** A plot that code showed gets a picture too, for places that draw no Vega-Lite (GitHub, PDF). */
export async function withPicture(data: MimeData): Promise<MimeData> {
  const spec = data[VEGA_LITE];
  if (spec === undefined || data['image/png'] !== undefined) return data;
  try {
    return { ...data, 'image/png': (await pictureOf(spec as Record<string, unknown>)).toString('base64') };
  } catch {
    // A specification that cannot be drawn here (data behind a URL) may still be drawn by the front-end.
    return data;
  }
}
