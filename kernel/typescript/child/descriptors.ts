import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { nameOf, write } from './output.js';

type Data = string | NodeJS.ArrayBufferView;
type Write = (descriptor: number, data: Data, ...rest: unknown[]) => unknown;

/** Loggers write to descriptors 1 and 2 themselves; that belongs to a cell too. */
export function captureDescriptors(): void {
  const original = { write: fs.write as Write, writeSync: fs.writeSync as Write };
  const writeSync: Write = (descriptor, data, ...rest) => {
    const name = nameOf(descriptor);
    if (!name) return original.writeSync(descriptor, data, ...rest);
    const bytes = writtenPart(data, rest);
    write(name, bytes);
    return bytes.length;
  };
  const writeLater: Write = (descriptor, data, ...rest) => {
    const done = rest.pop();
    if (!nameOf(descriptor) || typeof done !== 'function')
      return original.write(descriptor, data, ...rest, done);
    process.nextTick(done as () => void, null, writeSync(descriptor, data, ...rest), data);
  };
  Object.defineProperties(writeLater, Object.getOwnPropertyDescriptors(original.write));
  Object.assign(fs, { write: writeLater, writeSync });
  syncBuiltinESMExports();
}

/** As `fs.write` takes it: a string, its position and encoding; or bytes, and which of them, in one of two ways. */
function writtenPart(data: Data, [first, second]: unknown[]): Buffer {
  if (typeof data === 'string') return Buffer.from(data, (second as BufferEncoding | undefined) ?? 'utf8');
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const part = typeof first === 'object' && first ? first : { offset: first, length: second };
  const { offset, length } = part as { offset?: number; length?: number };
  return bytes.subarray(offset ?? 0).subarray(0, length ?? undefined);
}
