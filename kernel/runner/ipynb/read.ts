import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isObject } from '../../../src/index.js';
import { NotebookError } from './errors.js';
import { formatJson, parseJson } from './json.js';
import { JsonFaultError } from './json-fault.js';
import { isJsonType, type MimeData, type Notebook, type NotebookCell, type Output } from './notebook.js';
import { remember } from './original.js';

/** Reads a notebook file. Throws NotebookError when it is missing, not JSON, not a notebook, or of another format than 4. */
export async function readNotebook(file: string): Promise<Notebook> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new NotebookError({
      asked: `cannot read the notebook ${file}`,
      found: code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'a folder' : message,
      cause,
    });
  }
  return parseNotebook(text, file);
}

/** Like `readNotebook`, from text; `file` is named in errors. */
export function parseNotebook(text: string, file: string): Notebook {
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  let raw: unknown;
  try {
    raw = parseJson(json);
  } catch (cause) {
    if (!(cause instanceof JsonFaultError)) throw cause;
    throw new NotebookError({
      asked: `${file} is not a notebook: ${cause.message}`,
      found: cause.found,
      todo: json.includes('<<<<<<<')
        ? 'the file holds marks of a merge conflict (<<<<<<<); settle the conflict first'
        : 'restore the file, or fix the JSON at this place',
      cause,
    });
  }
  return new Reader(file).notebook(raw);
}

class Reader {
  readonly #ids = new Set<string>();

  constructor(readonly file: string) {}

  notebook(raw: unknown): Notebook {
    if (!isObject(raw)) this.fail('the file', 'a JSON object', raw);
    const { nbformat, nbformat_minor, metadata = {}, cells } = raw;
    if (nbformat === undefined && cells === undefined) {
      this.fail('the file', 'a notebook (an object with nbformat and cells)', raw);
    }
    if (nbformat !== 4) {
      throw new NotebookError({
        asked: `${this.file} is of notebook format ${String(nbformat)}, and only format 4 can be read`,
        todo:
          typeof nbformat === 'number' && nbformat < 4
            ? 'open it in JupyterLab and save it, or run: jupyter nbconvert --to notebook --nbformat 4 FILE'
            : 'save it as nbformat 4',
      });
    }
    if (!isObject(metadata)) this.fail('metadata', 'an object', metadata);
    if (!Array.isArray(cells)) this.fail('cells', 'a list', cells);
    const notebook: Notebook = {
      nbformat: 4,
      nbformat_minor: typeof nbformat_minor === 'number' ? nbformat_minor : 0,
      metadata,
      cells: cells.map((cell, index) => this.cell(cell, `cell ${index + 1}`)),
    };
    return remember(notebook, raw);
  }

  private cell(raw: unknown, where: string): NotebookCell {
    if (!isObject(raw)) this.fail(where, 'an object', raw);
    return remember(this.cellOf(raw, where), raw);
  }

  private cellOf(raw: Record<string, unknown>, where: string): NotebookCell {
    const { cell_type, metadata = {}, outputs = [], execution_count, attachments } = raw;
    if (!isObject(metadata)) this.fail(`metadata of ${where}`, 'an object', metadata);
    const common = { id: this.id(raw.id), source: this.text(raw.source, `source of ${where}`), metadata };
    if (cell_type === 'code') {
      if (!Array.isArray(outputs)) this.fail(`outputs of ${where}`, 'a list', outputs);
      return {
        cell_type,
        ...common,
        execution_count: typeof execution_count === 'number' ? execution_count : null,
        outputs: outputs.map((output, index) => this.output(output, `output ${index + 1} of ${where}`)),
      };
    }
    if (cell_type !== 'markdown' && cell_type !== 'raw') {
      this.fail(`cell_type of ${where}`, 'code, markdown or raw', cell_type);
    }
    if (attachments !== undefined && !isObject(attachments)) {
      this.fail(`attachments of ${where}`, 'an object', attachments);
    }
    return attachments === undefined
      ? { cell_type, ...common }
      : { cell_type, ...common, attachments: attachments as Record<string, MimeData> };
  }

  private output(raw: unknown, where: string): Output {
    if (!isObject(raw)) this.fail(where, 'an object', raw);
    return remember(this.outputOf(raw, where), raw);
  }

  private outputOf(raw: Record<string, unknown>, where: string): Output {
    switch (raw.output_type) {
      case 'stream':
        return {
          output_type: 'stream',
          name: raw.name === 'stderr' ? 'stderr' : 'stdout',
          text: this.text(raw.text, `text of ${where}`),
        };
      case 'error':
        return {
          output_type: 'error',
          ename: String(raw.ename ?? 'Error'),
          evalue: String(raw.evalue ?? ''),
          traceback: Array.isArray(raw.traceback) ? raw.traceback.map(String) : [],
        };
      case 'display_data':
      case 'execute_result': {
        const { data = {}, metadata = {}, execution_count } = raw;
        if (!isObject(data)) this.fail(`data of ${where}`, 'an object', data);
        if (!isObject(metadata)) this.fail(`metadata of ${where}`, 'an object', metadata);
        const joined = Object.entries(data).map(([type, value]) => [
          type,
          isLines(value) && !isJsonType(type) ? value.join('') : value,
        ]);
        const rich = { data: Object.fromEntries(joined) as MimeData, metadata };
        if (raw.output_type === 'display_data') return { output_type: 'display_data', ...rich };
        const count = typeof execution_count === 'number' ? execution_count : null;
        return { output_type: 'execute_result', ...rich, execution_count: count };
      }
      default:
        this.fail(
          `output_type of ${where}`,
          'stream, display_data, execute_result or error',
          raw.output_type,
        );
    }
  }

  private text(value: unknown, where: string): string {
    if (typeof value === 'string') return value;
    if (isLines(value)) return value.join('');
    this.fail(where, 'a string or a list of strings', value);
  }

  /** Formats before 4.5 have no ids, and hand-made files repeat them; nbformat 4.5 wants each to be unique. */
  private id(value: unknown): string {
    const good = typeof value === 'string' && /^[\w-]{1,64}$/.test(value) && !this.#ids.has(value);
    const id = good ? value : randomUUID().slice(0, 8);
    this.#ids.add(id);
    return id;
  }

  private fail(what: string, wanted: string, found: unknown): never {
    const shown = found === undefined ? 'nothing' : formatJson(found);
    throw new NotebookError({
      asked: `${this.file} is not a valid notebook: ${what} must be ${wanted}`,
      found: shown.length > 60 ? `${shown.slice(0, 60)}…` : shown,
    });
  }
}

const isLines = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every(line => typeof line === 'string');
