/** Whether the cursor stands in a string, the text of a template, a comment or a regular expression, where names mean nothing. */
export function isInsideText(code: string, cursor: number): boolean {
  /** What closes the templates' `${` that are open: braces opened in each. */
  const templates: number[] = [];
  let at = 0;
  // The group of a pattern is what closes the text: a cursor right behind that is outside.
  const endOf = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const [whole, end] = pattern.exec(code)!;
    at += whole.length;
    return at > cursor || (at === cursor && !end);
  };
  while (at < cursor) {
    const rest = code.slice(at, at + 2);
    const character = rest[0]!;
    if (rest === '//') {
      if (endOf(/\/\/[^\n]*()/y)) return true;
    } else if (rest === '/*') {
      if (endOf(/\/\*[\s\S]*?(\*\/|$)/y)) return true;
    } else if (character === '"' || character === "'") {
      if (endOf(character === '"' ? /"(?:\\[\s\S]|[^"\\\n])*("?)/y : /'(?:\\[\s\S]|[^'\\\n])*('?)/y))
        return true;
    } else if (character === '`' || (character === '}' && templates.at(-1) === 0)) {
      if (character === '}') templates.pop();
      if (endOf(/[`}](?:\\[\s\S]|\$(?!\{)|[^\\`$])*(`|\$\{|)/y)) return true;
      if (code.slice(at - 2, at) === '${') templates.push(0);
    } else if (character === '/' && beginsExpression(code.slice(0, at))) {
      if (endOf(/\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]?|[^/\\[\n])*(\/\w*|)/y)) return true;
    } else {
      if (templates.length > 0 && character === '{') templates[templates.length - 1]!++;
      if (templates.length > 0 && character === '}') templates[templates.length - 1]!--;
      at++;
    }
  }
  return false;
}

/** Whether a slash behind this code begins a regular expression rather than divides. */
const beginsExpression = (before: string): boolean =>
  /(?:^|[=([{,;:!&|?+\-*%~^<>\n]|\b(?:return|typeof|case|in|of|await|void|delete))\s*$/.test(before);
