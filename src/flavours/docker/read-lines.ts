import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** Lines of a stream, each up to its \n, whatever else is in it. The stream is ended when nobody wants more of them. */
export async function* readLines(input: Readable): AsyncGenerator<string> {
  // The loop throws what breaks the stream while it reads; what breaks it later, as an abort does, is nobody's.
  input.on('error', () => {});
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of input) {
    const lines = (rest + decoder.write(chunk as Buffer)).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest) yield rest;
}
