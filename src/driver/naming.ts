/** `waitForUnit` → `wait_for_unit`: how a name of the method table is spelt in Python. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
}

/** The variable that a node of this name gets in TypeScript and Python: bad characters become underscores, as in the NixOS test driver. */
export function identifier(node: string): string {
  const safe = node.replace(/[^A-Za-z0-9_]/g, '_');
  return /^[0-9]/.test(safe) ? `_${safe}` : safe;
}

/** One word for bash, whatever it holds. */
export function shellQuote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
