/** Words that cannot be a variable in TypeScript or Python though they may name a node. */
const reserved = new Set(
  `and as assert async await break case catch class const continue debugger def default del delete do elif else enum
  except export extends false finally for from function global if implements import in instanceof interface is lambda
  let new nonlocal not null or package pass private protected public raise return static super switch this throw true
  try typeof var void while with yield`.split(/\s+/),
);

/** The variable that a node gets in TypeScript and Python: bad characters become underscores, as in the NixOS test driver. */
export function identifier(node: string): string {
  const safe = node.replace(/[^A-Za-z0-9_]/g, '_');
  if (reserved.has(safe)) return `${safe}_`;
  return /^[0-9]/.test(safe) ? `_${safe}` : safe;
}
