import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { assetPath } from '../assets.js';
import {
  type AttrSet,
  Attrs,
  type Evaluator,
  expectAttrs,
  type NixPath,
  primop,
  type Value,
} from '../nix/index.js';
import { force } from '../nix/value.js';

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
    lib,
    helpers: Attrs.from(expectAttrs(evaluator.call(topic('helpers'), lib))),
  };
}
