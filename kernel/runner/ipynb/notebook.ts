/**
 * Jupyter notebooks as files: nbformat 4 read (4.0–4.5), 4.5 written.
 * In memory a multi-line string is one string; on disk it is a list of lines, as every Jupyter tool writes it.
 * Format: https://nbformat.readthedocs.io/en/latest/format_description.html
 */
export type JsonObject = Record<string, unknown>;

/** Representations of one value by media type; JSON types hold objects, the others strings. */
export type MimeData = Record<string, unknown>;

export type Output = StreamOutput | RichOutput | ErrorOutput;

interface StreamOutput {
  output_type: 'stream';
  name: 'stdout' | 'stderr';
  text: string;
}

export interface RichOutput {
  output_type: 'display_data' | 'execute_result';
  data: MimeData;
  metadata: JsonObject;
  /** Only of an execute_result. */
  execution_count?: number | null;
}

export interface ErrorOutput {
  output_type: 'error';
  ename: string;
  evalue: string;
  /** With ANSI colours. */
  traceback: string[];
}

export interface CodeCell {
  cell_type: 'code';
  id: string;
  source: string;
  metadata: JsonObject;
  execution_count: number | null;
  outputs: Output[];
}

interface TextCell {
  cell_type: 'markdown' | 'raw';
  id: string;
  source: string;
  metadata: JsonObject;
  /** File name → MIME data, named `attachment:file` in the markdown. */
  attachments?: Record<string, MimeData>;
}

export type NotebookCell = CodeCell | TextCell;

export interface Notebook {
  nbformat: 4;
  nbformat_minor: number;
  metadata: JsonObject;
  cells: NotebookCell[];
}

export const isCode = (cell: NotebookCell): cell is CodeCell => cell.cell_type === 'code';

export function hasTag(cell: NotebookCell, tag: string): boolean {
  const { tags } = cell.metadata;
  return Array.isArray(tags) && tags.includes(tag);
}

/** The language of its cells, lower case; TypeScript when the notebook does not say. */
export function languageOf(notebook: Notebook): string {
  const name = (value: unknown, key: string): unknown => (value as JsonObject | undefined)?.[key];
  const language =
    name(notebook.metadata.language_info, 'name') ?? name(notebook.metadata.kernelspec, 'language');
  return typeof language === 'string' && language ? language.toLowerCase() : 'typescript';
}

/** A media type whose value is JSON itself rather than a string. */
export const isJsonType = (type: string): boolean =>
  type === 'application/json' || /^application\/.*\+json$/.test(type);
