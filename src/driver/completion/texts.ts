/** Where names mean nothing. Offsets in UTF-16 units; `end` is behind what closes it. */
export interface Text {
  kind: 'string' | 'template' | 'comment' | 'regular expression';
  start: number;
  /** Behind what opens it. */
  inside: number;
  end: number;
  /** What closes it is there; a line comment is closed by nothing. */
  closed: boolean;
}

export type Language = 'typescript' | 'python';

/** The strings, texts of templates, comments and regular expressions of code, in order. */
const textsOf = (code: string, language: Language): Text[] =>
  language === 'python' ? ofPython(code) : ofTypeScript(code);

function ofTypeScript(code: string): Text[] {
  const texts: Text[] = [];
  /** What closes the templates' `${` that are open: braces opened in each. */
  const templates: number[] = [];
  let at = 0;
  // The group of a pattern is what closes the text.
  const take = (kind: Text['kind'], pattern: RegExp) => {
    pattern.lastIndex = at;
    const [whole, end] = pattern.exec(code)!;
    texts.push({ kind, start: at, inside: at + 1, end: at + whole.length, closed: Boolean(end) });
    at += whole.length;
  };
  while (at < code.length) {
    const rest = code.slice(at, at + 2);
    const character = rest[0]!;
    if (rest === '//') take('comment', /\/\/[^\n]*()/y);
    else if (rest === '/*') take('comment', /\/\*[\s\S]*?(\*\/|$)/y);
    else if (character === '"') take('string', /"(?:\\[\s\S]|[^"\\\n])*("?)/y);
    else if (character === "'") take('string', /'(?:\\[\s\S]|[^'\\\n])*('?)/y);
    else if (character === '`' || (character === '}' && templates.at(-1) === 0)) {
      if (character === '}') templates.pop();
      take('template', /[`}](?:\\[\s\S]|\$(?!\{)|[^\\`$])*(`|\$\{|)/y);
      if (code.slice(at - 2, at) === '${') templates.push(0);
    } else if (character === '/' && beginsExpression(code.slice(Math.max(0, at - LOOK_BACK), at))) {
      take('regular expression', /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]?|[^/\\[\n])*(\/\w*|)/y);
    } else {
      if (templates.length > 0 && character === '{') templates[templates.length - 1]!++;
      if (templates.length > 0 && character === '}') templates[templates.length - 1]!--;
      at++;
    }
  }
  return texts;
}

const PYTHON =
  /[rbfut]{0,2}(?:('''|""")(?:\\[\s\S]|(?!\1)[^\\])*(\1|$)|(["'])(?:\\[\s\S]|(?!\3)[^\\\n])*(\3?))|#[^\n]*/gi;

function ofPython(code: string): Text[] {
  return [...code.matchAll(PYTHON)].map(
    ({ 0: whole, 1: triple, 2: end, 3: quote, 4: close, index: start }) => {
      const opening = triple ?? quote ?? '#';
      return {
        kind: opening === '#' ? 'comment' : 'string',
        start,
        inside: start + whole.indexOf(opening) + opening.length,
        end: start + whole.length,
        closed: Boolean(end || close),
      };
    },
  );
}

/** The text that the cursor stands in: right behind what closes it, it stands outside. */
export function textAt(code: string, cursor: number, language: Language = 'typescript'): Text | undefined {
  const last = textsOf(code.slice(0, cursor), language).at(-1);
  return last?.end === cursor && !last.closed ? last : undefined;
}

/** The code with blanks in place of its texts, so that brackets in it are brackets. */
export function withoutTexts(code: string, language: Language): string {
  let blank = '';
  for (const { start, end } of textsOf(code, language)) {
    blank += code.slice(blank.length, start) + ' '.repeat(end - start);
  }
  return blank + code.slice(blank.length);
}

/** Blanks between a slash and what stands before it are rarely more. */
const LOOK_BACK = 200;

/** Whether a slash behind this code begins a regular expression rather than divides. */
const beginsExpression = (before: string): boolean =>
  /(?:^|[=([{,;:!&|?+\-*%~^<>\n]|\b(?:return|typeof|case|in|of|await|void|delete))\s*$/.test(before);
