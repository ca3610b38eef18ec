import { dirname, resolve } from 'node:path';
import { follow } from './attribute-path.js';
import { AttrSet, Attrs } from './attrs.js';
import { makeGlobals } from './builtins/index.js';
import { coerceToText } from './coerce.js';
import { compileSource } from './compile/compiler.js';
import { deepForce } from './deep-force.js';
import type { NixError } from './error.js';
import { type Budget, defaultBudget, Evaluation } from './evaluation.js';
import { type Elsewhere, Files } from './files.js';
import { toJson } from './json.js';
import { print } from './print.js';
import { Readable } from './readable.js';
import { Source } from './source.js';
import { noStore, type Store } from './store.js';
import { parse } from './syntax/parse.js';
import { force, type Lazy, type Value } from './value.js';

/** Variables by name, visible as builtins are. */
export type Variables = AttrSet | Readonly<Record<string, Lazy>>;

export interface EvaluatorOptions {
  /** Default: 100 million function calls, 10,000 of them inside each other, 5 s. */
  budget?: Partial<Budget>;
  /** Variables of every file and expression. */
  scope?: Variables;
  store?: Store;
  /** Takes the lines of `builtins.trace` and `builtins.warn`; default: standard error. */
  trace?(line: string): void;
  /** Absolute paths of the folders that may be read, the first being the project's; default: everything. */
  roots?: readonly string[];
  /** Files that are not on the disk. */
  elsewhere?: Elsewhere;
  /** Takes errors after which the evaluation can go on (NixError.instead); without it each of them ends it. */
  problem?(error: NixError): void;
}

export interface SourceOptions {
  /** Absolute path, for messages and positions. */
  file?: string;
  /** What relative paths start from; default: the file's folder, else the working directory. */
  directory?: string;
  /** Variables of this source only, before those of the evaluator. */
  scope?: Variables;
  /** Our own Nix code: errors in it are shown at the user's code that called it. */
  hidden?: boolean;
}

/**
 * Evaluates Nix code in this process. Values are lazy: `force` computes one, `deepForce` all that is in it.
 * Every method throws NixError for errors of the Nix code.
 */
export class Evaluator {
  readonly #evaluation: Evaluation;
  readonly #files: Files;
  readonly #globals: AttrSet;
  readonly #scope: AttrSet;
  readonly #imported = new Map<string, Value>();

  constructor(options: EvaluatorOptions = {}) {
    const store = options.store ?? noStore;
    this.#evaluation = new Evaluation({ ...defaultBudget, ...options.budget }, options.problem);
    this.#files = new Files(path => store.addPath(path), options.elsewhere, new Readable(options.roots));
    this.#scope = asSet(options.scope);
    this.#globals = makeGlobals({
      evaluation: this.#evaluation,
      files: this.#files,
      store,
      importFile: (path, scope) => this.#importFile(path, scope),
      trace: options.trace ?? (line => process.stderr.write(`${line}\n`)),
    });
  }

  /** Absolute paths of everything that was read or looked for: what the result depends on. */
  get files(): ReadonlySet<string> {
    return this.#files.seen;
  }

  /** Throws NixError for what may not be read. */
  checkReadable(path: string): void {
    this.#files.checked(path);
  }

  /** `builtins`, for TypeScript code. */
  get builtins(): AttrSet {
    return force(this.#globals.get('builtins')!) as AttrSet;
  }

  /** Names that are variables everywhere. */
  get globalNames(): ReadonlySet<string> {
    return new Set([...this.#globals.names(), ...this.#scope.names()]);
  }

  /** The value of an expression, in weak head normal form. */
  evaluate(text: string, options: SourceOptions = {}): Value {
    const directory = options.directory ?? (options.file ? dirname(options.file) : undefined);
    const source = new Source(text, options.file, directory, options.hidden);
    return this.#evaluation.run(() => this.#evaluate(source, asSet(options.scope)));
  }

  /** The value of a file, or of `default.nix` in a folder. Kept: a file is evaluated once. */
  import(path: string): Value {
    return this.#evaluation.run(() => this.#importFile(resolve(path)));
  }

  force(value: Lazy): Value {
    return this.#evaluation.run(() => force(value));
  }

  /** What an attribute path like `roles.server` or `nodes.0."a b"` leads to; functions on the way are called when all their arguments have defaults. */
  follow(value: Lazy, path: string): Value {
    return this.#evaluation.run(() => follow(this.#evaluation, value, path));
  }

  /** The value, with everything inside it computed too: no thunk is left in its lists and sets. */
  deepForce(value: Lazy): Value {
    return this.#evaluation.run(() => deepForce(value));
  }

  /** `fn a b …`. */
  call(fn: Lazy, ...args: Lazy[]): Value {
    return this.#evaluation.run(() => this.#evaluation.call(fn, ...args));
  }

  /** The value as `builtins.toJSON` writes it, read by JSON.parse: integers beyond 2^53 lose digits. */
  toJson(value: Lazy): unknown {
    return JSON.parse(this.toJsonText(value));
  }

  /** The value as JSON text; integers keep all their digits. */
  toJsonText(value: Lazy): string {
    return this.#evaluation.run(() => String(toJson(this.#evaluation, value, this.#files.copy)));
  }

  /** The value as `nix eval` prints it. `strict: false` shows an error inside a list or set in its place. */
  print(value: Lazy, { strict = true } = {}): string {
    return this.#evaluation.run(() => print(force(value), strict ? 'strict' : 'tolerant'));
  }

  /** A value as interpolation makes it a string: sets through `__toString` or `outPath`, paths through the store. */
  toText(value: Lazy): string {
    return this.#evaluation.run(() =>
      String(coerceToText(this.#evaluation, value, { copy: this.#files.copy })),
    );
  }

  #evaluate(source: Source, scope: AttrSet): Value {
    const globals = [scope, this.#scope, this.#globals];
    return compileSource(parse(source), globals, this.#evaluation, this.#files)();
  }

  #importFile(path: string, scope?: AttrSet): Value {
    const file = this.#files.importable(path);
    const known = scope ? undefined : this.#imported.get(file);
    if (known !== undefined) return known;
    const source = new Source(this.#files.read(file).toString(), file, dirname(file));
    const value = this.#evaluate(source, scope ?? Attrs.from({}));
    if (!scope) this.#imported.set(file, value);
    return value;
  }
}

function asSet(variables: Variables = {}): AttrSet {
  return variables instanceof AttrSet ? variables : Attrs.from(variables);
}
