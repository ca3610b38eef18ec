import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { assetPath } from '../assets.js';
import {
  type AttrSet,
  Attrs,
  type Evaluator,
  expectAttrs,
  NixPath,
  primop,
  type Value,
} from '../nix/index.js';
import { force, type Lazy, Thunk } from '../nix/value.js';
import { people } from './lib/people.js';
import { nativeModules } from './modules/native.js';

const FOLDER = 'src/composition/lib';

/** The text of our own Nix files; they do not change while we run. */
const texts = new Map<string, string>();

export interface Libraries {
  lib: AttrSet;
  /** Upstream's, for compositions. */
  helpers: AttrSet;
  /** NixOS's, for modules. */
  utils: Lazy;
}

/** `lib` and what builds on it for one evaluation, from the Nix files in lib/. Errors in them are shown at the user's call. */
export function loadLib(evaluator: Evaluator): Libraries {
  const folder = assetPath(FOLDER);
  const load = (file: string): Value => {
    if (!texts.has(file)) texts.set(file, readFileSync(file, 'utf8'));
    return evaluator.evaluate(texts.get(file)!, { file, directory: dirname(file), hidden: true, scope });
  };
  // A function of lib may import the user's files, too; these are not ours.
  const own = primop('import', 1, value => {
    const path = force(value);
    const file = path instanceof NixPath ? path.path : undefined;
    return file?.startsWith(`${folder}/`)
      ? load(file)
      : evaluator.call(evaluator.builtins.get('import')!, path);
  });
  const scope = Attrs.from({ import: own });
  const topic = (name: string): Value => load(join(folder, `${name}.nix`));
  const native = nativeModules({
    call: (fn: Lazy, ...args: Lazy[]) => evaluator.call(fn, ...args),
    import: path => evaluator.import(path),
    lib: () => lib,
  });
  const lib: AttrSet = expectAttrs(evaluator.call(topic('default'), Attrs.from({ native, data: people() })));
  const over = (name: string): AttrSet => expectAttrs(evaluator.call(topic(name), lib));
  return { lib, helpers: Attrs.from(over('helpers')), utils: Thunk.of(() => over('utils')) };
}
