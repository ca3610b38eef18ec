/**
 * Makes few files of what `tsc` made, as Node takes most of the start of a command to find, read and compile modules one by one.
 * CommonJS, because its modules load in half the time of ES modules; `require` of what is needed later happens then.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

/** The entries of one process, which share modules, so that a class is the same class for all of them. */
const processes = [
  ['kernel/main'],
  ['kernel/typescript/child/main', 'kernel/cells/preload'],
  ['kernel/typescript/child/watchdog'],
  ['src/composition/evaluation/host'],
  ['src/composition/evaluation/worker'],
];

/** Packages that stay as they are: they find files of their own (native code, fonts, assets), or are large and rarely wanted. */
const external =
  /^(?:@expo-google-fonts|@jupyterlab|@resvg|oxc-transform|tslab|vega|vega-embed|vega-lite)(?:\/|$)/;

/** A release of a package may say the same in other words: the build must not go on as if this had been done. */
function replaced(code, there, instead) {
  if (!code.includes(there)) throw new Error(`a package that is bundled does not say ${there} any more`);
  return code.replace(there, instead);
}

/** The parser's native half is a package beside it, which only the parser itself is sure to find. */
const findNativeParser = {
  name: 'find-native-parser',
  transform: {
    filter: { id: /oxc-parser\/src-js\/bindings\.js$/ },
    handler: code =>
      replaced(
        code,
        'createRequire(import.meta.url)',
        "createRequire(createRequire(import.meta.url).resolve('oxc-parser'))",
      ),
  },
};

/** What zeromq loads lies in its package. */
const findNativeSockets = {
  name: 'find-native-sockets',
  transform: {
    filter: { id: /zeromq\/lib\/load-addon\.js$/ },
    handler: code =>
      replaced(
        code,
        'resolve(__dirname, "..", "build")',
        'join(require("node:module").createRequire(__filename).resolve("zeromq"), "..", "..", "build")',
      ),
  },
};

/** Commander loads what starts other programs; no verb of ours is another program. */
const startNoPrograms = {
  name: 'start-no-programs',
  transform: {
    filter: { id: /commander\/lib\/command\.js$/ },
    handler: code =>
      code.replace(
        "const childProcess = require('node:child_process');",
        "const childProcess = { spawn: (...words) => require('node:child_process').spawn(...words) };",
      ),
  },
};

/** `let x = require('x')` at the head of a file, used as `x.name`, becomes an object that requires it at the first use. */
const requireWhenUsed = {
  name: 'require-when-used',
  renderChunk(code) {
    const heads = [...code.matchAll(/^(?:let|const) (\w+) = (require\("[^"]+"\));$/gm)];
    return heads.reduce((text, [head, name, call]) => {
      const uses = new RegExp(`(?<![\\w$]|(?<!\\.\\.)\\.)${name}(?![\\w$])`, 'g');
      const rest = text.replace(head, '');
      const all = rest.match(uses)?.length ?? 0;
      const members = rest.match(new RegExp(`${uses.source}(?=\\.[\\w$])`, 'g'))?.length ?? 0;
      if (all !== members) return text;
      const lazy = `const ${name} = { loaded: undefined, get it() { return (this.loaded ??= ${call}); } };`;
      return rest.replace(uses, `${name}.it`).replace(/^(#!.*\n)?/, shebang => `${shebang}${lazy}\n`);
    }, code);
  },
};

/**
 * What V8 makes of a bundle, all functions of it, lies beside it for kernel/compiled.ts. V8 keeps the name with it that is shown in stacks,
 * so that must hold wherever the package is installed.
 */
const compile = {
  name: 'compile',
  writeBundle({ dir }, bundle) {
    for (const { fileName } of Object.values(bundle)) {
      const file = join(dir, fileName);
      const code = readFileSync(file, 'utf8');
      // Node itself loads the executable, and what imports: V8 forgets of compiled code how to.
      if (/^#!|(?<!\.)\bimport\(/.test(code)) continue;
      setFlagsFromString('--no-lazy');
      const script = new Script(Module.wrap(code), { filename: `nxc:${fileName}` });
      // V8 refuses what was made under other flags than it runs with.
      setFlagsFromString('--lazy');
      writeFileSync(`${file}.${process.version}`, script.createCachedData());
    }
  },
};

/** Files that several entries or verbs load; without these, each set of sharers gets a file of its own, a hundred in all. */
const groups = [
  {
    name: 'evaluator',
    test: /dist\/kernel\/(?:preload|typescript\/(?:messages|child-process))\.js$|dist\/src\/assets\.js$/,
  },
  { name: 'import-native', test: /child\/import-native\.js$/ },
  { name: 'leaves', test: /dist\/src\/[^/]+\.js$/, minShareCount: 2 },
  { name: 'shared', test: /dist\/src\//, minShareCount: 14 },
];

export default processes.map(entries => ({
  input: Object.fromEntries(entries.map(entry => [entry, `dist/${entry}.js`])),
  platform: 'node',
  // What entries export stays, whatever else they hold.
  preserveEntrySignatures: 'allow-extension',
  external,
  // No module of ours is imported for what it does when loaded: importing one name of the public API loads what that name needs.
  treeshake: { moduleSideEffects: false },
  plugins: [findNativeParser, findNativeSockets, startNoPrograms, requireWhenUsed, compile],
  output: {
    dir: 'dist',
    format: 'cjs',
    comments: false,
    // Names of functions that cells see.
    keepNames: true,
    exports: 'named',
    entryFileNames: '[name].cjs',
    codeSplitting: { groups, includeDependenciesRecursively: false },
    chunkFileNames: 'chunks/[name]-[hash].cjs',
  },
}));
