import { inspect, stripVTControlCharacters, types } from 'node:util';
import {
  asVegaLite,
  isRows,
  jupyterBundle,
  type MimeBundle,
  tableOf,
  vegaLite,
} from '../../../src/client.js';
import type { MimeData } from '../../session/interpreter.js';
import { noteOnce } from './notes.js';
import { tracebackText } from './traceback.js';

const LONGEST_TEXT = 100_000;
const DENO = Symbol.for('Jupyter.display');

/** Methods by which values of other libraries say how they look, and the media type of what each returns. */
const METHODS: Array<[string, string]> = [
  ['_repr_html_', 'text/html'],
  ['_repr_markdown_', 'text/markdown'],
  ['_repr_svg_', 'image/svg+xml'],
  ['_repr_png_', 'image/png'],
  ['_repr_jpeg_', 'image/jpeg'],
  ['_repr_latex_', 'text/latex'],
  ['_repr_json_', 'application/json'],
  ['_toHtml', 'text/html'],
  ['_toSvg', 'image/svg+xml'],
  ['_toPng', 'image/png'],
  ['_toJpg', 'image/jpeg'],
];

/** Representations of a cell's value by media type; undefined for `undefined`, which shows as nothing. */
export async function represent(value: unknown): Promise<MimeData | undefined> {
  if (value === undefined) return undefined;
  const rich = isObject(value) ? ((await fromHooks(value)) ?? fromShape(value)) : undefined;
  return withText(rich ?? { 'text/plain': plainText(value) });
}

/** Whether an object is a MIME bundle itself: media types and nothing else. */
export function isBundle(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every(key => /^[\w.-]+\/[\w.+-]+$/.test(key));
}

/** Completes a bundle with the `text/plain` that every bundle has, and makes it JSON; the cell says what it could not show as it is. */
export function withText(bundle: Record<string, unknown>): MimeData {
  const { data, notes } = jupyterBundle(bundle);
  for (const note of notes) noteOnce(note);
  return { 'text/plain': textOf(bundle), ...data };
}

/** What places that show nothing but text say of a bundle. */
function textOf(bundle: Record<string, unknown>): string {
  for (const type of ['text/markdown', 'text/latex'])
    if (typeof bundle[type] === 'string') return bundle[type];
  const html = bundle['text/html'];
  if (typeof html === 'string')
    return html
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
  const json = bundle['application/json'];
  if (json !== undefined) return inspect(json, { depth: 4 });
  return `[${Object.keys(bundle).join(', ')}]`;
}

async function fromHooks(value: object): Promise<Record<string, unknown> | undefined> {
  for (const name of ['toMimeBundle', DENO, '_repr_mimebundle_', '_toMime'] as const) {
    const hook = readSafely(value, name);
    if (typeof hook === 'function') return checked(await hook.call(value), String(name));
  }
  const bundle: Record<string, unknown> = {};
  for (const [name, type] of METHODS) {
    const hook = readSafely(value, name);
    if (typeof hook === 'function') bundle[type] = await hook.call(value);
  }
  return Object.keys(bundle).length ? bundle : undefined;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** A property that is there; undefined where reading it throws. A Proxy that answers to every name says of few that it has them. */
export function readSafely(value: unknown, name: string | symbol): unknown {
  try {
    return Reflect.has(Object(value), name) ? (value as Record<string | symbol, unknown>)[name] : undefined;
  } catch {
    return undefined;
  }
}

function checked(bundle: unknown, hook: string): Record<string, unknown> {
  if (isBundle(bundle)) return bundle;
  throw new TypeError(
    `${hook}() must return an object of media types, such as { 'text/html': '…' }; it returned ${inspect(bundle)}`,
  );
}

/** Values whose looks follow from what they are. One that throws when it is read has no such looks: the cell was right. */
function fromShape(value: unknown): MimeBundle | Record<string, unknown> | undefined {
  try {
    return shapeOf(value);
  } catch {
    return undefined;
  }
}

function shapeOf(value: unknown): MimeBundle | Record<string, unknown> | undefined {
  if (types.isNativeError(value)) return { 'text/plain': tracebackText(value).trimEnd() };
  if (value instanceof Uint8Array) return imageOf(value);
  if (isRows(value)) return tableOf(value, { asSuch: true }).toMimeBundle();
  const spec = asVegaLite(value);
  return spec && { [vegaLite]: spec, 'text/plain': plotText(spec) };
}

function plotText({ title, mark }: Record<string, unknown>): string {
  const name = typeof title === 'string' ? title : (title as { text?: unknown } | undefined)?.text;
  return `[Vega-Lite plot${typeof name === 'string' ? `: ${name}` : typeof mark === 'string' ? `: ${mark}` : ''}]`;
}

function imageOf(bytes: Uint8Array): Record<string, unknown> | undefined {
  const starts = (...magic: number[]) => magic.every((byte, i) => bytes[i] === byte);
  if (starts(0x89, 0x50, 0x4e, 0x47))
    return { 'image/png': bytes, 'text/plain': `[PNG image, ${bytes.length} bytes]` };
  if (starts(0xff, 0xd8, 0xff))
    return { 'image/jpeg': bytes, 'text/plain': `[JPEG image, ${bytes.length} bytes]` };
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 512)).toString('utf8');
  if (!/^\s*(?:<\?xml[\s\S]*?)?<svg[\s>]/.test(head)) return undefined;
  return {
    'image/svg+xml': Buffer.from(bytes).toString('utf8'),
    'text/plain': `[SVG image, ${bytes.length} bytes]`,
  };
}

/** A primitive as it is written, anything else inspected in colour; never longer than `LONGEST_TEXT`. */
function plainText(value: unknown): string {
  const text = inspect(value, {
    colors: isObject(value),
    depth: 4,
    maxArrayLength: 100,
    maxStringLength: 20_000,
  });
  if (text.length <= LONGEST_TEXT) return text;
  const whole = stripVTControlCharacters(text);
  return `${whole.slice(0, LONGEST_TEXT)}\n… ${whole.length - LONGEST_TEXT} more characters`;
}
