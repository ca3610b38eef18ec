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
