const CHAIN = /[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\??\.[\p{ID_Start}$_][\p{ID_Continue}$]*|\[\d+\])*$/u;

/** The part of a name before the cursor, and the expression before its dot: `a.b.c|` gives `c` of `a.b`. */
export function nameBefore(
  code: string,
  cursor: number,
): { typed: string; owner: string | undefined; isMember: boolean } {
  const before = code.slice(0, cursor);
  const typed = /[\p{ID_Continue}$]*$/u.exec(before)![0];
  const rest = before.slice(0, before.length - typed.length);
  const isMember = rest.endsWith('.');
  return { typed, isMember, owner: isMember ? CHAIN.exec(rest.replace(/\??\.$/, ''))?.[0] : undefined };
}

/** The name that the cursor stands in, with what stands before its dots. */
export function nameAround(code: string, cursor: number): string | undefined {
  const after = /^[\p{ID_Continue}$]*/u.exec(code.slice(cursor))![0];
  const end = cursor + after.length;
  return CHAIN.exec(code.slice(0, end))?.[0];
}

/** Where the name of the call ends that the cursor stands among the arguments of: `f(1, g(2), |` gives the end of `f`. */
export function callAround(code: string, cursor: number): number | undefined {
  // Brackets in strings are none.
  const before = code
    .slice(0, cursor)
    .replace(/(["'`])(?:\\[\s\S]|(?!\1)[^\\])*\1/g, text => '"'.repeat(text.length));
  let closed = 0;
  for (let at = before.length - 1; at >= 0; at--) {
    if (')]}'.includes(before[at]!)) closed++;
    else if ('([{'.includes(before[at]!) && --closed < 0) {
      const end = before.slice(0, at).trimEnd().length;
      if (before[at] === '(' && CHAIN.test(before.slice(0, end))) return end;
      closed = 0;
    }
  }
  return undefined;
}
