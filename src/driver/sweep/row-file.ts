import { constants, existsSync } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Row } from '../../display/table.js';
import { NxcError } from '../../errors.js';
import { makeFolder } from '../../make-folder.js';
import { reasonOf } from '../../write-error.js';
import { type Line, lineOfRow, lineOfStep, readLine } from './row-line.js';
import type { Changed } from './step.js';

const { O_RDWR, O_CREAT, O_APPEND, O_DSYNC } = constants;

/** A file of rows that a sweep cannot go on with. */
export class RowFileError extends NxcError {}

/**
 * Rows as JSON lines, each on the disk before the next step begins: what a sweep has measured outlives an interrupt, a kernel and a
 * power cut. A last line that was cut off in its middle is taken away when the file is opened again. The first line names the
 * function that measured them.
 */
export class RowFile {
  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
    /** What was in it already. */
    readonly rows: readonly Row[],
    /** Bytes of whole lines. */
    private size: number,
    /** The function that measures from now on, where the file does not name it yet. */
    private readonly step: string | undefined,
  ) {}

  /** `step` is the function that measures from now on; `changed` says what to do when another one has measured what is there. */
  static async open(path: string, step?: string, changed?: Changed): Promise<RowFile> {
    const handle = await openOrMake(path);
    try {
      const text = await handle.readFile('utf8');
      const { rows, kept, unfinished, step: earlier } = read(text, path);
      const other = step !== undefined && earlier !== undefined && step !== earlier && rows.length > 0;
      if (other && changed === undefined) throw measuredByAnother(path, rows.length);
      if (other && changed === 'redo') {
        await rename(path, freeName(path));
        await handle.close();
        return await RowFile.open(path, step);
      }
      if (kept.length < text.length) await handle.truncate(Buffer.byteLength(kept));
      const fresh = step === earlier ? undefined : step;
      const file = new RowFile(path, handle, rows, Buffer.byteLength(kept), fresh);
      if (unfinished) await file.#append('\n');
      return file;
    } catch (error) {
      await handle.close().catch(() => {});
      throw error;
    }
  }

  /** Goes on with the file as it is: names the function that measures from now on. */
  async begin(): Promise<void> {
    if (this.step !== undefined) await this.#append(lineOfStep(this.step));
  }

  /** Resolves when the row is on the disk: the file was opened so that a write waits for it. */
  async append(row: Row): Promise<void> {
    return this.#append(lineOfRow(row));
  }

  /** All of it or nothing: half a line would spoil the next. */
  async #append(text: string): Promise<void> {
    try {
      await this.handle.appendFile(text);
      this.size += Buffer.byteLength(text);
    } catch (cause) {
      await this.handle.truncate(this.size).catch(() => {});
      throw notWritten(this.path, cause);
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

async function openOrMake(path: string): Promise<FileHandle> {
  try {
    makeFolder(dirname(path));
    const handle = await open(path, O_RDWR | O_CREAT | O_APPEND | O_DSYNC);
    // Reading a pipe or a device may never end.
    if (!(await handle.stat()).isFile()) {
      await handle.close();
      throw new Error('it is a device or a pipe, not a file');
    }
    // A file that is new is there after a power cut only when its folder was written too.
    const folder = await open(dirname(path), 'r');
    await folder.sync().finally(() => folder.close());
    return handle;
  } catch (cause) {
    throw notWritten(path, cause);
  }
}

function notWritten(path: string, cause: unknown): RowFileError {
  return new RowFileError({
    asked: `rows cannot be written to ${path}`,
    found: reasonOf(cause as Error),
    cause,
  });
}

function measuredByAnother(path: string, rows: number): RowFileError {
  return new RowFileError({
    asked: `the function of this sweep has changed since it measured the rows in ${path}`,
    found: `${rows} row${rows === 1 ? '' : 's'} of the function as it was`,
    todo: `say what they are worth: changed: 'keep' goes on with them, changed: 'redo' measures all points again (they stay in ${freeName(path)})`,
  });
}

function freeName(path: string): string {
  for (let number = 1; ; number++) if (!existsSync(`${path}.${number}`)) return `${path}.${number}`;
}

interface Read {
  rows: Row[];
  /** Of the function that measured last. */
  step: string | undefined;
  kept: string;
  unfinished: boolean;
}

function read(text: string, path: string): Read {
  const lines = text.split('\n');
  const last = lines.pop()!;
  const found = lines.flatMap((line, index): Line[] => {
    if (line.trim() === '') return [];
    const known = readLine(line);
    if (known) return [known];
    throw new RowFileError({
      asked: `${path} is not a file of rows`,
      found: `line ${index + 1}: ${line.slice(0, 80)}`,
      todo: 'give resume another file, or fix that line: each holds a JSON object',
    });
  });
  // Somebody may have written the last line with an editor: it counts when it is whole.
  const whole = readLine(last);
  const all = whole ? [...found, whole] : found;
  return {
    rows: all.flatMap(line => ('row' in line ? [line.row] : [])),
    step: all.findLast(line => 'step' in line)?.step,
    kept: whole ? text : text.slice(0, text.length - last.length),
    unfinished: whole !== undefined,
  };
}
