/** One word of a POSIX shell, whatever it holds (NUL excepted: no argument can hold it). */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
