import { closeSync, openSync, readSync } from 'node:fs';

/**
 * Random bytes as hexadecimal digits, for names. From the kernel itself (random(4)): loading node:crypto takes longer than a short
 * command may.
 */
export function randomHex(bytes: number): string {
  const source = openSync('/dev/urandom', 'r');
  try {
    const read = Buffer.alloc(bytes);
    readSync(source, read);
    return read.toString('hex');
  } finally {
    closeSync(source);
  }
}
