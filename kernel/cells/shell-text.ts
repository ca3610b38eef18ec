/** A stretch of a shell script: `quoted` is what the shell takes as it stands, and comments. */
export interface Stretch {
  text: string;
  quoted: boolean;
}

/** Where a scanner is: a script, what double quotes hold, or arithmetic; `end` closes it. */
interface Level {
  double?: boolean;
  arithmetic?: boolean;
  end: string;
}

const HEREDOC = /^<<(-?)[ \t]*(?:(['"])([^\n]*?)\2|(\\?)([\w.-]+))/;
/** What begins a word in a script, so that a # there begins a comment. */
const BEFORE_WORD = /[\s;&|()]/;

/**
 * A script in stretches that are quoted, as the shell sees them, and such that are not: '…' and $'…' also within "$(…)", and
 * heredocs whose delimiter is quoted, are; an apostrophe in double quotes, in a comment or in another heredoc quotes nothing.
 */
export function shellStretches(script: string): Stretch[] {
  const stretches: Stretch[] = [];
  const levels: Level[] = [{ end: '' }];
  const heredocs: Array<{ end: string; tabs: boolean; quoted: boolean }> = [];
  let from = 0;
  let at = 0;
  const cut = (to: number, quoted: boolean) => {
    if (to > from) stretches.push({ text: script.slice(from, to), quoted });
    from = to;
    at = to;
  };
  const quotedTo = (to: number) => {
    cut(at, false);
    cut(to, true);
  };
  while (at < script.length) {
    const { double, arithmetic, end } = levels.at(-1)!;
    const character = script[at]!;
    const rest = script.slice(at, at + 2);
    if (character === '\\') at += 2;
    else if (character === end) {
      levels.pop();
      at++;
    } else if (rest === '$(') {
      levels.push({ end: ')' });
      at += 2;
    } else if (double) at++;
    else if (rest === "$'") quotedTo(endOf(/(?:\\[\s\S]|[^'\\])*'?/y, at + 2));
    else if (character === "'") quotedTo(endOf(/[^']*'?/y, at + 1));
    else if (character === '"') {
      levels.push({ double: true, end: '"' });
      at++;
    } else if (character === '(') {
      levels.push({ arithmetic: script[at - 1] === '(', end: ')' });
      at++;
    } else if (character === '#' && (at === 0 || BEFORE_WORD.test(script[at - 1]!)))
      quotedTo(endOf(/[^\n]*/y, at));
    else if (rest === '<<' && !arithmetic) at += heredoc(script.slice(at));
    else if (character === '\n') {
      at++;
      for (const one of heredocs.splice(0)) skipHeredoc(one);
    } else at++;
  }
  cut(script.length, false);
  return stretches;

  function endOf(pattern: RegExp, start: number): number {
    pattern.lastIndex = start;
    pattern.test(script);
    return pattern.lastIndex;
  }

  /** Its length; the text comes after the end of the line. */
  function heredoc(text: string): number {
    if (text.startsWith('<<<')) return 3;
    const [whole, tabs, quote, inQuotes, backslash, plain] = HEREDOC.exec(text) ?? [];
    if (whole === undefined) return 2;
    heredocs.push({
      end: inQuotes ?? plain ?? '',
      tabs: tabs === '-',
      quoted: quote !== undefined || backslash === '\\',
    });
    return whole.length;
  }

  function skipHeredoc({ end, tabs, quoted }: (typeof heredocs)[number]): void {
    cut(at, false);
    let to = at;
    for (let done = false; !done && to < script.length; ) {
      const line = script.slice(to, endOf(/[^\n]*/y, to));
      done = (tabs ? line.replace(/^\t+/, '') : line) === end;
      to = Math.min(script.length, to + line.length + 1);
    }
    cut(to, quoted);
  }
}
