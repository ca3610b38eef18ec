/** `waitForUnit` → `wait_for_unit`: how a name of the method table is spelt in Python. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
}
