/** A text is no JSON; here is where it stops being it. */
export class JsonFaultError extends Error {
  override name = 'JsonFaultError';
  /** Both count from 1; columns in UTF-16. */
  readonly line: number;
  readonly column: number;
  /** What was there: a character, or `the end of the file`. */
  readonly found: string;

  constructor(
    text: string,
    readonly offset: number,
  ) {
    const before = text.slice(0, offset);
    const line = before.split('\n').length;
    const column = offset - before.lastIndexOf('\n');
    super(`broken JSON at line ${line}, column ${column}`);
    this.line = line;
    this.column = column;
    this.found =
      offset < text.length
        ? JSON.stringify(String.fromCodePoint(text.codePointAt(offset)!))
        : 'the end of the file';
  }
}
