import { parse as parseToml, type TomlDate } from 'smol-toml';
import { Attrs } from '../attrs.js';
import { NixError } from '../error.js';
import { expectAttrs, expectString, expectText } from '../expect.js';
import { base32, digest, hashAlgorithm, parseHash } from '../hash.js';
import { fromJson, toJson } from '../json.js';
import { select } from '../select.js';
import type { Value } from '../value.js';
import { toXml } from '../xml.js';
import type { Builtins, Workshop } from './builtin.js';

export function formatBuiltins({ evaluation, files }: Workshop): Builtins {
  return {
    toJSON: value => toJson(evaluation, value, files.copy),
    fromJSON: text => fromJson(expectString(text)),
    toXML: value => toXml(evaluation, value, files.copy),
    fromTOML: text => fromToml(expectString(text)),
    hashString: (algorithm, text) => {
      const value = expectText(text);
      return digest(hashAlgorithm(expectString(algorithm)), String(value)).toString('hex');
    },
    convertHash: argument => {
      const set = expectAttrs(argument);
      const named = set.get('hashAlgo');
      const algorithm = named === undefined ? undefined : hashAlgorithm(expectString(named));
      const hash = parseHash(expectString(select(set, 'hash')), algorithm);
      const format = expectString(select(set, 'toHashFormat'));
      if (format === 'base16') return hash.bytes.toString('hex');
      if (format === 'nix32' || format === 'base32') return base32(hash.bytes);
      if (format === 'base64') return hash.bytes.toString('base64');
      if (format === 'sri') return `${hash.algorithm}-${hash.bytes.toString('base64')}`;
      throw new NixError('evaluation', {
        asked: `there is no hash format '${format}'`,
        found: 'known are base16, nix32, base64, sri',
      });
    },
  };
}

type Toml = string | number | bigint | boolean | TomlDate | Toml[] | { [key: string]: Toml };

function fromToml(text: string): Value {
  try {
    return tomlValue(parseToml(text, { integersAsBigInt: true }) as Toml);
  } catch (error) {
    if (error instanceof NixError) throw error;
    throw new NixError('evaluation', { asked: 'this is no TOML', found: (error as Error).message });
  }
}

function tomlValue(value: Toml): Value {
  if (Array.isArray(value)) return value.map(tomlValue);
  if (value instanceof Date)
    throw new NixError('evaluation', 'Nix has no values for the dates and times of TOML');
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) !== value)
    throw new NixError('evaluation', `${value} is too big for an integer`);
  if (typeof value !== 'object') return value;
  return Attrs.from(Object.entries(value).map(([name, item]) => [name, tomlValue(item)] as const));
}
