import { createHash } from 'node:crypto';

/** The rounds that crypt(5) takes when a hash does not name them. */
const ROUNDS = 5000;
const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * A password as /etc/shadow keeps it: the method sha512crypt of crypt(5), as written in
 * https://www.akkadia.org/drepper/SHA-crypt.txt. Node has no crypt(3).
 *
 * @param salt at most 16 characters of `./0-9A-Za-z`
 */
export function sha512Crypt(password: string, salt: string): string {
  const key = Buffer.from(password);
  const alternate = digest(key, salt, key);
  const parts: Uint8Array[] = [key, Buffer.from(salt), repeated(alternate, key.length)];
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push(bits & 1 ? alternate : key);
  let hash = digest(...parts);
  const p = repeated(digest(...Array<Buffer>(key.length).fill(key)), key.length);
  const s = repeated(digest(...Array<string>(16 + hash[0]!).fill(salt)), salt.length);
  for (let round = 0; round < ROUNDS; round++) {
    hash = digest(
      round % 2 ? p : hash,
      ...(round % 3 ? [s] : []),
      ...(round % 7 ? [p] : []),
      round % 2 ? hash : p,
    );
  }
  return `$6$${salt}$${encoded(hash)}`;
}

function digest(...parts: ReadonlyArray<Uint8Array | string>): Buffer {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

const repeated = (bytes: Buffer, length: number): Buffer => Buffer.alloc(length, bytes);

/** Three bytes, a third of the hash apart, become four characters; each time the first of them is another one. */
function encoded(hash: Buffer): string {
  let text = '';
  const add = (value: number, characters: number) => {
    for (let i = 0; i < characters; i++) text += ALPHABET[(value >> (6 * i)) & 63];
  };
  for (let i = 0; i < 21; i++) {
    const three = [i, i + 21, i + 42].map(at => hash[at]!);
    const [high, middle, low] = [0, 1, 2].map(at => three[(at + i) % 3]!);
    add((high! << 16) | (middle! << 8) | low!, 4);
  }
  add(hash[63]!, 2);
  return text;
}
