import { inspect } from 'node:util';
import { jsonOf } from './json-of.js';
import { vegaLite } from './vega-lite.js';

/** A bundle that a Jupyter message can carry, and a sentence for each field that is not shown as it is. */
export interface JupyterBundle {
  data: Record<string, unknown>;
  notes: string[];
}

const isJson = (type: string): boolean => /[/+]json$/.test(type);
const isText = (type: string): boolean => /^text\/|^application\/(javascript|xml)$|\+xml$/.test(type);

/**
 * The edge where values become Jupyter's JSON. Media types of JSON hold JSON, all others text, bytes in base64 (the text of an SVG
 * as it is); what they cannot hold is replaced by what says so, and named.
 */
export function jupyterBundle(bundle: Readonly<Record<string, unknown>>): JupyterBundle {
  const notes: string[] = [];
  // Who has no such representation says so by giving nothing.
  const present = Object.entries(bundle).filter(
    ([type, value]) => value !== undefined && (value !== null || isJson(type)),
  );
  const data = present.map(([type, value]) => {
    if (!isJson(type)) return [type, textOf(type, value, notes)];
    const converted = jsonOf(value, { drawn: type === vegaLite || type.includes('vega') });
    notes.push(...converted.notes.map(note => `${type}: ${note}`));
    return [type, converted.json];
  });
  return { data: Object.fromEntries(data), notes };
}

function textOf(type: string, value: unknown, notes: string[]): string {
  if (typeof value === 'string') return value;
  // As notebooks on the disk have it: a list of lines.
  if (Array.isArray(value) && value.every(line => typeof line === 'string')) return value.join('');
  if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return bytes.toString(isText(type) ? 'utf8' : 'base64');
  }
  notes.push(`${type} takes text, and was given ${value === null ? 'null' : typeof value}`);
  return inspect(value, { depth: 2 });
}
