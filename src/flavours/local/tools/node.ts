/** The node that a program runs on. */
export interface Node {
  name: string;
  /** Its runtime folder. */
  run: string;
  /** Its /etc/nxc. */
  etc: string;
}

/** Writes to stdout; returns the exit status of success. */
export function say(text: string): number {
  process.stdout.write(text);
  return 0;
}
