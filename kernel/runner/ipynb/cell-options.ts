import { parseDocument } from 'yaml';
import { isObject } from '../../../src/index.js';
import { optionLines } from '../../option-lines.js';
import { hasTag, type NotebookCell } from './notebook.js';

/** What the option lines at the head of a code cell say. Lines that are no YAML say nothing, and are shown as what they are. */
export function optionsOf(cell: NotebookCell): Record<string, unknown> {
  return cell.cell_type === 'code' ? (optionsIn(cell.source) ?? {}) : {};
}

/** The source without option lines that are understood. */
export function withoutOptions(source: string): string {
  const lines = optionLines(source);
  return lines && optionsIn(source) ? source.split('\n').slice(lines.count).join('\n').trimStart() : source;
}

function optionsIn(source: string): Record<string, unknown> | undefined {
  const lines = optionLines(source);
  if (!lines) return undefined;
  const document = parseDocument(lines.yaml, { logLevel: 'silent' });
  if (document.errors.length > 0) return undefined;
  try {
    const options: unknown = document.toJS({ maxAliasCount: 0 });
    return isObject(options) ? options : undefined;
  } catch {
    // An alias: options need none.
    return undefined;
  }
}

/** Whether a tag stands in the cell's metadata or option lines, with `-` or `_`. */
export function isTagged(cell: NotebookCell, ...tags: string[]): boolean {
  const { tags: own } = optionsOf(cell);
  const inLines = Array.isArray(own) ? own : typeof own === 'string' ? own.split(/[\s,]+/) : [];
  return tags
    .flatMap(tag => [tag, tag.replaceAll('-', '_')])
    .some(tag => hasTag(cell, tag) || inLines.includes(tag));
}

/** Not to be run by a machine: it is dangerous, long, or asks. */
export const isSkipped = (cell: NotebookCell): boolean =>
  isTagged(cell, 'skip-execution') || optionsOf(cell).eval === false;

/** It is there to fail. */
export const failsOnPurpose = (cell: NotebookCell): boolean =>
  isTagged(cell, 'raises-exception') || optionsOf(cell).error === true;
