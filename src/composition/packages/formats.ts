import { stringify as toToml } from 'smol-toml';
import {
  type AttrSet,
  Attrs,
  expectAttrs,
  expectString,
  type Lazy,
  primop,
  type Value,
} from '../../nix/index.js';
import { derivation } from './derivation.js';
import type { Farm } from './farm.js';

interface Workshop {
  farm: Farm;
  lib: AttrSet;
  call(fn: Lazy, ...args: Lazy[]): Value;
  text(value: Lazy): string;
  json(value: Lazy): unknown;
}

/** pkgs.formats: settings as a Nix value, generated as a file. */
export function formats({ farm, lib, call, text, json }: Workshop): AttrSet {
  const types = expectAttrs(lib.get('types')!);
  const generators = expectAttrs(lib.get('generators')!);
  const format = (write: (value: Lazy, options: AttrSet) => string): Value =>
    primop('format', 1, options =>
      Attrs.from({
        type: types.get('anything')!,
        generate: primop('generate', 2, (title, value) => {
          const name = expectString(title);
          const content = () => write(value, expectAttrs(options));
          return derivation({
            name,
            path: () => farm.add(name, { '': { kind: 'file', text: content(), executable: false } }),
          });
        }),
      }),
    );
  const pretty = format(value => `${JSON.stringify(json(value), null, 2)}\n`);
  return Attrs.from({
    json: pretty,
    // JSON is YAML too.
    yaml: pretty,
    toml: format(value => `${toToml(json(value))}\n`),
    ini: format((value, options) => text(call(generators.get('toINI')!, options, value))),
    keyValue: format((value, options) => text(call(generators.get('toKeyValue')!, options, value))),
  });
}
