import { constants, mkdirSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Row } from '../../display/table.js';
import { NxcError } from '../../errors.js';
import { isObject } from '../../is-object.js';

const { O_RDWR, O_CREAT, O_APPEND, O_DSYNC } = constants;

/** A file of rows that a sweep cannot go on with. */
export class RowFileError extends NxcError {}

/**
 * Rows as JSON lines, each on the disk before the next step begins: what a sweep has measured outlives an interrupt, a kernel and a
 * power cut. A last line that was cut off in its middle is taken away when the file is opened again.
 */
export class RowFile {
  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
    /** What was in it already. */
    readonly rows: readonly Row[],
  ) {}

  static async open(path: string): Promise<RowFile> {
    const handle = await openOrMake(path);
    try {
      const text = await handle.readFile('utf8');
      const { rows, kept, unfinished } = read(text, path);
      if (kept.length < text.length) await handle.truncate(Buffer.byteLength(kept));
      if (unfinished) await handle.appendFile('\n');
      return new RowFile(path, handle, rows);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Resolves when the row is on the disk: the file was opened so that a write waits for it. */
  async append(row: Row): Promise<void> {
    await this.handle.appendFile(`${JSON.stringify(row)}\n`);
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

async function openOrMake(path: string): Promise<FileHandle> {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const handle = await open(path, O_RDWR | O_CREAT | O_APPEND | O_DSYNC);
    // A file that is new is there after a power cut only when its folder was written too.
    const folder = await open(dirname(path), 'r');
    await folder.sync().finally(() => folder.close());
    return handle;
  } catch (cause) {
    throw new RowFileError({
      asked: `rows cannot be written to ${path}`,
      found: (cause as Error).message,
      cause,
    });
  }
}

function read(text: string, path: string): { rows: Row[]; kept: string; unfinished: boolean } {
  const lines = text.split('\n');
  const last = lines.pop()!;
  const rows = lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const row = parse(line);
    if (row) return [row];
    throw new RowFileError({
      asked: `${path} is not a file of rows`,
      found: `line ${index + 1}: ${line.slice(0, 80)}`,
      todo: 'give resume another file, or fix that line: each holds a JSON object',
    });
  });
  // Somebody may have written the last line with an editor: it counts when it is whole.
  const whole = parse(last);
  return {
    rows: whole ? [...rows, whole] : rows,
    kept: whole ? text : text.slice(0, text.length - last.length),
    unfinished: whole !== undefined,
  };
}

function parse(line: string): Row | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? (value as Row) : undefined;
  } catch {
    return undefined;
  }
}
