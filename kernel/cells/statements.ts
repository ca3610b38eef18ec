/** How sure it is that a statement begins on a line: `possible` after an expression that could go on. */
export type Certainty = 'certain' | 'possible';

/** After these a `/` begins a regular expression, and an expression is not finished. */
const OPERATOR = /[-+*/%=<>!&|^~?:,.([{;]$/;
const KEYWORD =
  /(?:^|[^\w$.])(?:return|typeof|case|do|else|in|of|instanceof|new|void|delete|await|yield|throw)$/;

/**
 * Scans TypeScript just far enough to know on which lines a statement may begin: strings, templates, comments,
 * regular expressions and brackets are followed across lines. `take` is asked about each such line; the lines it takes are
 * returned, and are no part of the TypeScript.
 */
export function statementStarts(
  lines: readonly string[],
  take: (line: string, certainty: Certainty) => boolean,
): Set<number> {
  const taken = new Set<number>();
  const scanner = new Scanner();
  lines.forEach((line, index) => {
    const certainty = scanner.certainty();
    if (certainty && take(line, certainty)) {
      taken.add(index);
      scanner.statementEnded();
    } else scanner.line(line);
  });
  return taken;
}

class Scanner {
  /** Open brackets; '`' is a template, '${' an expression within one. */
  readonly #open: string[] = [];
  #inComment = false;
  /** The last characters of code, without comments and blanks. */
  #tail = ';';

  certainty(): Certainty | undefined {
    if (this.#inComment || this.#open.length > 0) return undefined;
    if (/[;}]$/.test(this.#tail)) return 'certain';
    return OPERATOR.test(this.#tail) && !/(\+\+|--|[^=]>)$/.test(this.#tail) ? undefined : 'possible';
  }

  statementEnded(): void {
    this.#tail = ';';
  }

  line(text: string): void {
    let at = 0;
    while (at < text.length) at = this.#step(text, at);
  }

  /** Takes what begins at `at` and returns where the next thing begins. */
  #step(text: string, at: number): number {
    if (this.#inComment) {
      const end = text.indexOf('*/', at);
      this.#inComment = end < 0;
      return end < 0 ? text.length : end + 2;
    }
    if (this.#open.at(-1) === '`') return this.#inTemplate(text, at);
    const character = text[at]!;
    const two = text.slice(at, at + 2);
    if (two === '//') return text.length;
    if (two === '/*') {
      this.#inComment = true;
      return at + 2;
    }
    if (character === '"' || character === "'") return this.#literal(closing(text, at));
    if (character === '/' && this.#regexMayBegin()) return this.#literal(regexEnd(text, at));
    if (/\s/.test(character)) return at + 1;
    this.#bracket(character);
    this.#remember(character, text[at - 1]);
    return at + 1;
  }

  #inTemplate(text: string, at: number): number {
    if (text[at] === '\\') return at + 2;
    if (text[at] === '`') {
      this.#open.pop();
      this.#tail = '"';
      return at + 1;
    }
    if (!text.startsWith('${', at)) return at + 1;
    this.#open.push('${');
    this.#tail = '(';
    return at + 2;
  }

  #bracket(character: string): void {
    if (character === '`' || '([{'.includes(character)) this.#open.push(character);
    else if (')]}'.includes(character)) this.#open.pop();
  }

  #literal(end: number): number {
    this.#tail = '"';
    return end;
  }

  #remember(character: string, before: string | undefined): void {
    // A blank ends a word: `return /x/` and `myreturn/x` are told apart by the words.
    const gap = before !== undefined && /\s/.test(before) ? ' ' : '';
    this.#tail = (this.#tail + gap + character).slice(-24);
  }

  #regexMayBegin(): boolean {
    return OPERATOR.test(this.#tail) || this.#tail.endsWith('}') || KEYWORD.test(this.#tail);
  }
}

/** Index behind the quote that closes the string beginning at `at`; an unclosed one ends with its line. */
function closing(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === text[at]) return i + 1;
  }
  return text.length;
}

function regexEnd(text: string, at: number): number {
  let inClass = false;
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '[') inClass = true;
    else if (text[i] === ']') inClass = false;
    else if (text[i] === '/' && !inClass) return i + 1;
  }
  return at + 1;
}
