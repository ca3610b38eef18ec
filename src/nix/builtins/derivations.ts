import { type AttrSet, Attrs, update } from '../attrs.js';
import { coerceToText } from '../coerce.js';
import { NixError } from '../error.js';
import { expectAttrs, expectList, expectString } from '../expect.js';
import { base32, digest } from '../hash.js';
import { select } from '../select.js';
import { type Context, contextOf, NixString, union } from '../text.js';
import { force, type Lazy, Thunk, type Value } from '../value.js';
import type { Builtins, Workshop } from './builtin.js';

/**
 * Derivations are described, never built: their store paths have the right shape and change with what they are made
 * of, but they are not the paths that Nix would compute.
 */
export function derivationBuiltins({ evaluation, files }: Workshop): Builtins {
  const strict = (argument: Lazy): Attrs => {
    const attrs = expectAttrs(argument);
    const name = expectString(required(attrs, 'name'));
    required(attrs, 'system');
    required(attrs, 'builder');
    const ignoreNulls = attrs.has('__ignoreNulls') && force(attrs.get('__ignoreNulls')!) === true;
    const contexts: Context[] = [];
    const content: string[] = [];
    for (const [key, value] of attrs) {
      if (key === '__ignoreNulls' || (ignoreNulls && force(value) === null)) continue;
      const text = coerceToText(evaluation, value, { anything: true, copy: files.copy });
      contexts.push(contextOf(text));
      content.push(`${key}=${text}`);
    }
    const inputs = [...union(contexts)].sort();
    const path = (suffix: string) => {
      const hash = digest('sha256', JSON.stringify([suffix, content, inputs])).subarray(0, 20);
      return `/nix/store/${base32(hash)}-${name}${suffix}`;
    };
    const drvPath = path('.drv');
    const paths = outputsOf(attrs).map(output => {
      const text = new NixString(
        path(output === 'out' ? '' : `-${output}`),
        new Set([`!${output}!${drvPath}`]),
      );
      return [output, text] as const;
    });
    return Attrs.from([['drvPath', new NixString(drvPath, new Set([`=${drvPath}`]))], ...paths]);
  };
  return {
    derivationStrict: strict,
    derivation: argument => {
      const given = expectAttrs(argument);
      const computed = Thunk.of(() => strict(given));
      const names = outputsOf(given);
      const outputs = new Map<string, Lazy>();
      const outputSet = (output: string): Value => {
        const own = Attrs.from({
          ...Object.fromEntries(outputs),
          all: names.map(each => outputs.get(each)!),
          drvAttrs: given,
          drvPath: Thunk.of(() => select(computed, 'drvPath')),
          outPath: Thunk.of(() => select(computed, output)),
          outputName: output,
          type: 'derivation',
        });
        return update(given, own);
      };
      for (const output of names) {
        outputs.set(
          output,
          Thunk.of(() => outputSet(output)),
        );
      }
      return outputs.get(names[0]!)!;
    },
    placeholder: output => `/${base32(digest('sha256', `nix-output:${expectString(output)}`))}`,
  };
}

function outputsOf(attrs: AttrSet): string[] {
  const outputs = attrs.get('outputs');
  return outputs === undefined ? ['out'] : expectList(outputs).map(output => expectString(output));
}

function required(attrs: AttrSet, name: string): Lazy {
  const value = attrs.get(name);
  if (value !== undefined) return value;
  throw new NixError('missing-attribute', `a derivation needs the attribute '${name}'`);
}
