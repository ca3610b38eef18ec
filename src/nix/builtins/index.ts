/** The builtins: those that need no store, and for the others an error that says so. */
import { Attrs } from '../attrs.js';
import { NixError } from '../error.js';
import { type Lazy, primop, Thunk } from '../value.js';
import type { Builtins, Workshop } from './builtin.js';
import { contextBuiltins } from './contexts.js';
import { controlBuiltins } from './control.js';
import { derivationBuiltins } from './derivations.js';
import { fileBuiltins } from './files.js';
import { formatBuiltins } from './formats.js';
import { listBuiltins } from './lists.js';
import { numberBuiltins } from './numbers.js';
import { setBuiltins } from './sets.js';
import { stringBuiltins } from './strings.js';
import { typeBuiltins } from './types.js';
import { versionBuiltins } from './versions.js';

/** The version of the language that is implemented here; compositions may ask for it. */
const nixVersion = '2.18.0';

const needNix = [
  ...['fetchClosure', 'fetchGit', 'fetchMercurial', 'fetchTarball', 'fetchTree', 'fetchurl'],
  ...[
    'exec',
    'findFile',
    'flakeRefToString',
    'getFlake',
    'importNative',
    'outputOf',
    'parseFlakeRef',
    'storePath',
  ],
];

/** Names that are variables everywhere; the other builtins are so with `__` before them. */
const plainNames = new Set([
  ...[
    'abort',
    'baseNameOf',
    'break',
    'builtins',
    'derivation',
    'derivationStrict',
    'dirOf',
    'false',
    'fetchGit',
  ],
  ...[
    'fetchMercurial',
    'fetchTarball',
    'fetchTree',
    'fromTOML',
    'import',
    'isNull',
    'map',
    'null',
    'placeholder',
  ],
  ...['removeAttrs', 'scopedImport', 'throw', 'toString', 'true'],
]);

/** The outermost scope of every file, `builtins` in it. */
export function makeGlobals(workshop: Workshop): Attrs {
  const all: Builtins = {
    ...listBuiltins(workshop),
    ...setBuiltins(workshop),
    ...stringBuiltins(workshop),
    ...fileBuiltins(workshop),
    ...formatBuiltins(workshop),
    ...controlBuiltins(workshop),
    ...derivationBuiltins(workshop),
    ...contextBuiltins,
    ...numberBuiltins,
    ...typeBuiltins,
    ...versionBuiltins,
    ...Object.fromEntries(needNix.map(name => [name, unavailable(name)])),
    true: true,
    false: false,
    null: null,
    currentSystem: `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux`,
    getEnv: (_name: Lazy) => '',
    langVersion: 6n,
    nixPath: [],
    nixVersion,
    storeDir: '/nix/store',
  };
  const values = new Map<string, Lazy>();
  for (const [name, value] of Object.entries(all)) {
    values.set(name, typeof value === 'function' ? primop(name, value.length, value) : value);
  }
  values.set(
    'builtins',
    Thunk.of(() => builtins),
  );
  const builtins = new Attrs(values);
  return Attrs.from(
    [...values].map(([name, value]) => [plainNames.has(name) ? name : `__${name}`, value] as const),
  );
}

function unavailable(name: string) {
  return (_argument: Lazy): never => {
    throw new NixError('evaluation', {
      asked: `builtins.${name} needs Nix itself`,
      found: 'this evaluator has no store and fetches nothing',
      todo: 'build the composition with a flavour that Nix builds, or keep what is fetched in the project',
    });
  };
}
