import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';

/** More than any text of a project has, and little enough for the memory. */
const MOST = 64 << 20;
const CHUNK = 1 << 20;

/**
 * Content of a file that came with somebody's project. Only of a regular one: a FIFO would hold the reader for ever, a device has no
 * end. Throws what the system says, or what the path is instead.
 *
 * @param most bytes
 */
export function readRegular(path: string, most = MOST): Buffer {
  const chunks: Buffer[] = [];
  let total = 0;
  eachChunk(path, chunk => {
    total += chunk.length;
    if (total > most) throw new Error(`it has more than ${most >> 20} MB`);
    chunks.push(Buffer.from(chunk));
  });
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

export const readRegularText = (path: string): string => readRegular(path).toString();

/** Passes on the content of a regular file of any size; a chunk is used again after the call. */
export function eachChunk(path: string, take: (chunk: Buffer) => void): void {
  // Before it is opened, as that alone means something to a device.
  checkRegular(statSync(path));
  const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = constants;
  const file = openSync(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  try {
    const stat = fstatSync(file);
    checkRegular(stat);
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(4096, stat.size)));
    for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk))
      take(chunk.subarray(0, length));
  } finally {
    closeSync(file);
  }
}

/** Throws for what is no file. */
function checkRegular(stat: Stats): void {
  if (stat.isFile()) return;
  if (stat.isDirectory())
    throw Object.assign(new Error('it is a folder, and no file (EISDIR)'), { code: 'EISDIR' });
  throw new Error(`it is ${kindOf(stat)}, and no file`);
}

const kindOf = (stat: Stats): string => {
  if (stat.isFIFO()) return 'a FIFO';
  if (stat.isSocket()) return 'a socket';
  return stat.isSymbolicLink() ? 'a link' : 'a device';
};
