import { createHash } from 'node:crypto';
import { NixError } from './error.js';

const algorithms = { md5: 16, sha1: 20, sha256: 32, sha512: 64 } as const;
export type HashAlgorithm = keyof typeof algorithms;

export function hashAlgorithm(name: string): HashAlgorithm {
  if (name in algorithms) return name as HashAlgorithm;
  const known = Object.keys(algorithms).join(', ');
  throw new NixError('evaluation', {
    asked: `there is no hash algorithm '${name}'`,
    found: `known are ${known}`,
  });
}

export function digest(algorithm: HashAlgorithm, content: string | Buffer): Buffer {
  return createHash(algorithm).update(content).digest();
}

const base32Digits = '0123456789abcdfghijklmnpqrsvwxyz';

/** Nix's own base 32: other digits than RFC 4648, the last bits first. */
export function base32(bytes: Uint8Array): string {
  const length = Math.ceil((bytes.length * 8) / 5);
  let text = '';
  for (let n = length - 1; n >= 0; n--) {
    const bit = n * 5;
    const byte = bit >> 3;
    const shift = bit & 7;
    const value = (bytes[byte]! >> shift) | ((bytes[byte + 1] ?? 0) << (8 - shift));
    text += base32Digits[value & 31];
  }
  return text;
}

function fromBase32(text: string, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let n = 0; n < text.length; n++) {
    const digit = base32Digits.indexOf(text[text.length - 1 - n]!);
    const bit = n * 5;
    const byte = bit >> 3;
    const shift = bit & 7;
    bytes[byte] = bytes[byte]! | ((digit << shift) & 0xff);
    if (byte + 1 < size) bytes[byte + 1] = bytes[byte + 1]! | (digit >> (8 - shift));
  }
  return bytes;
}

/** A hash in any of Nix's notations: base 16, base 32, base 64, or SRI (`sha256-…=`). Throws NixError. */
export function parseHash(
  text: string,
  algorithm?: HashAlgorithm,
): { algorithm: HashAlgorithm; bytes: Buffer } {
  const [, prefix, rest] = /^(?:(\w+)[-:])?(.*)$/s.exec(text) as unknown as [string, string?, string?];
  const known = prefix === undefined ? algorithm : hashAlgorithm(prefix);
  if (!known) throw new NixError('evaluation', `the hash '${text}' does not say its algorithm`);
  const size = algorithms[known];
  const digits = rest ?? '';
  if (/^[0-9a-fA-F]*$/.test(digits) && digits.length === size * 2) {
    return { algorithm: known, bytes: Buffer.from(digits, 'hex') };
  }
  if (/^[0-9a-df-np-sv-z]*$/.test(digits) && digits.length === Math.ceil((size * 8) / 5)) {
    return { algorithm: known, bytes: fromBase32(digits, size) };
  }
  const bytes = Buffer.from(digits, 'base64');
  if (bytes.length === size) return { algorithm: known, bytes };
  throw new NixError('evaluation', `'${text}' is no ${known} hash`);
}
