/**
 * Whether an error says that JavaScript's stack is full. A regular expression met there fails to compile instead, with a
 * SyntaxError that says the same; so there is none here.
 */
export function isStackOverflow(error: unknown): boolean {
  if (!(error instanceof RangeError || error instanceof SyntaxError)) return false;
  return error.message.includes('call stack') || error.message.toLowerCase().includes('stack overflow');
}
