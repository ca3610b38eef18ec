/** Whether an error says that JavaScript's stack is full. A regular expression met there fails to compile instead. */
export function isStackOverflow(error: unknown): boolean {
  if (error instanceof RangeError) return /call stack/.test(error.message);
  return error instanceof SyntaxError && /stack overflow/i.test(error.message);
}
