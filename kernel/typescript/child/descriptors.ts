import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { devNull } from 'node:os';
import { nameOf, write } from './output.js';

type Method = (descriptor: unknown, ...rest: unknown[]) => unknown;

/** Loggers write to descriptors 1 and 2 themselves; that belongs to a cell too. Who closes one does not close the notebook. */
export function captureDescriptors(): void {
  for (const name of ['write', 'writeSync'] as const) capture(name, writtenPart);
  for (const name of ['writev', 'writevSync'] as const)
    capture(name, ([parts]) => Buffer.concat(parts as Uint8Array[]));
  for (const name of ['writeFile', 'writeFileSync', 'appendFile', 'appendFileSync'] as const)
    capture(name, ([data, options]) => {
      const encoding = typeof options === 'string' ? options : (options as { encoding?: string })?.encoding;
      return writtenPart([data, null, encoding]);
    });
  replace('closeSync', close => descriptor => (nameOf(descriptor) ? undefined : close(descriptor)));
  replace('close', close => (descriptor, done) => {
    if (!nameOf(descriptor)) return done === undefined ? close(descriptor) : close(descriptor, done);
    if (typeof done === 'function') process.nextTick(done as () => void, null);
  });
  syncBuiltinESMExports();
}

function capture(name: keyof typeof fs, bytesOf: (rest: unknown[]) => Buffer): void {
  let sink: number | undefined;
  replace(name, method => (descriptor, ...rest) => {
    const stream = nameOf(descriptor);
    if (!stream) return method(descriptor, ...rest);
    // Node itself checks the arguments, counts, and calls back.
    sink ??= fs.openSync(devNull, 'w');
    const result = method(sink, ...rest);
    write(stream, bytesOf(rest.filter(one => typeof one !== 'function')));
    return result;
  });
}

function replace(name: keyof typeof fs, by: (method: Method) => Method): void {
  const method = fs[name] as unknown as Method;
  const replacement = by(method);
  Object.defineProperties(replacement, Object.getOwnPropertyDescriptors(method));
  Object.assign(fs, { [name]: replacement });
}

/** As `fs.write` takes it: a string, its position and encoding; or bytes, and which of them, in one of two ways. */
function writtenPart([data, first, second]: unknown[]): Buffer {
  if (typeof data === 'string') return Buffer.from(data, encodingOf(second));
  const { buffer, byteOffset, byteLength } = data as NodeJS.ArrayBufferView;
  const part = typeof first === 'object' && first ? first : { offset: first, length: second };
  const { offset, length } = part as { offset?: number; length?: number };
  return Buffer.from(buffer, byteOffset, byteLength)
    .subarray(offset ?? 0)
    .subarray(0, length ?? undefined);
}

/** Node takes what is no encoding for UTF-8 here. */
const encodingOf = (given: unknown): BufferEncoding =>
  typeof given === 'string' && Buffer.isEncoding(given) ? given : 'utf8';
