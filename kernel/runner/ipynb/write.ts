import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { NxcError, writeOutput } from '../../../src/index.js';
import { isJsonType, type MimeData, type Notebook, type NotebookCell, type Output } from './notebook.js';

/** Writes a notebook as nbformat 4.5, atomically; parent folders are made. Where that fails, it is kept elsewhere, and the error says where. */
export async function writeNotebook(file: string, notebook: Notebook): Promise<void> {
  const text = formatNotebook(notebook);
  try {
    await writeOutput(file, text);
  } catch (error) {
    if (!(error instanceof NxcError)) throw error;
    const kept = join(await mkdtemp(join(tmpdir(), 'nxc-kept-')), basename(file));
    await writeOutput(kept, text);
    throw new NxcError({ ...error.parts, todo: `what was executed was kept as ${kept}`, cause: error });
  }
}

/** The text of the file: keys sorted and one space of indent, as Jupyter's own tools write it, so that diffs stay small. */
export function formatNotebook(notebook: Notebook): string {
  const { metadata, cells } = notebook;
  return `${JSON.stringify(sorted({ nbformat: 4, nbformat_minor: 5, metadata, cells: cells.map(cellOnDisk) }), null, 1)}\n`;
}

function cellOnDisk(cell: NotebookCell): object {
  const source = lines(cell.source);
  return cell.cell_type === 'code'
    ? { ...cell, source, outputs: cell.outputs.map(outputOnDisk) }
    : { ...cell, source };
}

function outputOnDisk(output: Output): object {
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

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sorted(member)]),
  );
}
