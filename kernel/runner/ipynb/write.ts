import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { NxcError, writeOutput } from '../../../src/index.js';
import { formatJson } from './json.js';
import { isJsonType, type MimeData, type Notebook, type NotebookCell, type Output } from './notebook.js';
import { originalOf } from './original.js';

/**
 * Writes a notebook as nbformat 4.5, atomically; parent folders are made. Where that fails, it is kept elsewhere, and the error
 * says where, unless `keep` is false.
 */
export async function writeNotebook(file: string, notebook: Notebook, { keep = true } = {}): Promise<void> {
  const text = formatNotebook(notebook);
  try {
    await writeOutput(file, text);
  } catch (error) {
    if (!(error instanceof NxcError) || !keep) throw error;
    const kept = join(await mkdtemp(join(tmpdir(), 'nxc-kept-')), basename(file));
    await writeOutput(kept, text);
    throw new NxcError({ ...error.parts, todo: `what was executed was kept as ${kept}`, cause: error });
  }
}

/**
 * The text of the file. What was read and not changed is written as it was, numbers and unknown members included; what is new has its
 * text as lines. Keys are sorted, as Jupyter's own tools write them, unless they were not in the file that was read.
 */
export function formatNotebook(notebook: Notebook): string {
  const { metadata, cells } = notebook;
  const original = originalOf(notebook) ?? {};
  const onDisk = { ...original, nbformat: 4, nbformat_minor: 5, metadata, cells: cells.map(cellOnDisk) };
  const sortKeys = [notebook, ...cells].every(part => isSorted(originalOf(part) ?? {}));
  return `${formatJson(onDisk, { indent: ' ', sortKeys })}\n`;
}

function cellOnDisk(cell: NotebookCell): object {
  const original = originalOf(cell) ?? {};
  const source = textOf(original.source) === cell.source ? original.source : lines(cell.source);
  const common = { ...original, ...cell, source };
  return cell.cell_type === 'code' ? { ...common, outputs: cell.outputs.map(outputOnDisk) } : common;
}

function outputOnDisk(output: Output): object {
  // What a run collects is never put into an output that was read.
  return originalOf(output) ?? newOutput(output);
}

function newOutput(output: Output): object {
  if (output.output_type === 'stream') return { ...output, text: lines(output.text) };
  if (output.output_type === 'error') return output;
  return { ...output, data: dataOnDisk(output.data) };
}

/** Text is kept as lines; base64 stays in one piece, JSON as it is. */
function dataOnDisk(data: MimeData): MimeData {
  const splits = (type: string): boolean =>
    !isJsonType(type) &&
    (type.startsWith('text/') || type === 'image/svg+xml' || type === 'application/javascript');
  return Object.fromEntries(
    Object.entries(data).map(([type, value]) => [
      type,
      typeof value === 'string' && splits(type) ? lines(value) : value,
    ]),
  );
}

const lines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+/g) ?? [];

const textOf = (source: unknown): unknown => (Array.isArray(source) ? source.join('') : source);

const isSorted = (read: object): boolean =>
  Object.keys(read).every((key, i, keys) => i === 0 || keys[i - 1]! <= key);
