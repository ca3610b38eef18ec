import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { assetPath } from '../assets.js';
import {
  type AttrSet,
  Attrs,
  type Evaluator,
  expectAttrs,
  NixError,
  type NixPath,
  primop,
  type Value,
  VirtualAttrs,
} from '../nix/index.js';
import { force } from '../nix/value.js';
import { nearest } from '../suggest.js';

const FOLDER = 'src/composition/lib';

/** The text of our own Nix files; they do not change while we run. */
const texts = new Map<string, string>();

/** `lib` and upstream's `helpers` for one evaluation, from the Nix files in lib/. Errors in them are shown at the user's call. */
export function loadLib(evaluator: Evaluator): { lib: AttrSet; helpers: AttrSet } {
  const load = (file: string): Value => {
    if (!texts.has(file)) texts.set(file, readFileSync(file, 'utf8'));
    const own = primop('import', 1, path => load((force(path) as NixPath).path));
    const scope = Attrs.from({ import: own });
    return evaluator.evaluate(texts.get(file)!, { file, directory: dirname(file), hidden: true, scope });
  };
  const topic = (name: string): Value => load(assetPath(join(FOLDER, `${name}.nix`)));
  const lib = expectAttrs(topic('default'));
  return {
    lib: withSuggestions(lib, 'lib'),
    helpers: Attrs.from(expectAttrs(evaluator.call(topic('helpers'), lib))),
  };
}

/** nixpkgs has far more functions than we do, so a missing one says whose fault that is. */
function withSuggestions(set: AttrSet, name: string): AttrSet {
  return new VirtualAttrs({
    names: () => set.names(),
    has: key => set.has(key),
    get: key => {
      const value = set.get(key);
      if (value !== undefined) return value;
      throw new NixError('missing-attribute', {
        asked: `${name}.${key} is not among the functions of nixpkgs' lib that the flavour local knows`,
        nearest: nearest(key, set.names()),
        todo: 'write it in the composition, or build for a flavour with Nix: -f docker',
      });
    },
  });
}
