import { NxcError, pictureOf, unknownMark, vegaLite } from '../../src/index.js';
import type { MimeData } from '../session/interpreter.js';

/** A plot that code showed gets a picture too, for places that draw no Vega-Lite (GitHub, PDF). NxcError when it is no right one. */
export async function withPicture(data: MimeData): Promise<MimeData> {
  const spec = data[vegaLite] as Record<string, unknown> | undefined;
  if (spec === undefined || data['image/png'] !== undefined) return data;
  try {
    return { ...data, 'image/png': (await pictureOf(spec)).toString('base64') };
  } catch (cause) {
    const [reason = ''] = (cause as Error).message.split('\n');
    const fault = unknownMark(spec) ?? (reason.length > 200 ? `${reason.slice(0, 200)}…` : reason);
    throw new NxcError({ asked: `there is no picture of this plot: ${fault}`, cause });
  }
}
