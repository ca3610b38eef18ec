import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Program, parseSync } from 'oxc-parser';

/** The decorators of TypeScript 5 and of JavaScript, or those before them, which a compiler option brings back. */
export type Decorators = 'standard' | 'experimental';

/** A node of any kind; types of the parser know some of their fields only. */
type Tree = { type: string; [field: string]: unknown };

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && typeof (value as Tree).type === 'string';

/**
 * Which decorators a source has; undefined for none. The project's tsconfig.json decides where it says `experimentalDecorators`.
 * Without that they are standard, as to TypeScript, unless their code shows that they are not: decorators of parameters, a
 * decorator's own parameters (`(target, key, descriptor)` against `(value, context)`), the library reflect-metadata.
 * `sourceOf` knows functions from elsewhere by their names. Throws SyntaxError for both kinds in one source.
 */
export function decoratorsOf(
  program: Program,
  { folder, sourceOf = () => undefined }: { folder: string; sourceOf?: (name: string) => string | undefined },
): Decorators | undefined {
  const all = [...nodesIn(program as unknown as Tree)];
  const used = all.flatMap(({ decorators }) => (Array.isArray(decorators) ? (decorators as Tree[]) : []));
  if (used.length === 0) return undefined;
  const configured = configuredIn(folder);
  if (configured) return configured;
  if (all.some(decoratesParameters)) return 'experimental';
  const kinds = new Map<Decorators, string>();
  for (const { expression } of used) {
    const { name, called } = nameOf(expression as Tree);
    const declared = all.find(node => isTree(node.id) && node.id.name === name);
    const kind = declared ? kindOf(declared, called) : kindOfSource(name && sourceOf(name), called);
    if (kind) kinds.set(kind, name!);
  }
  if (kinds.size === 2)
    throw new SyntaxError(
      `@${kinds.get('standard')} is a standard decorator, @${kinds.get('experimental')} an experimental one: they cannot stand together. Put their classes into cells or files of their own, or set experimentalDecorators in tsconfig.json`,
    );
  const [kind] = kinds.keys();
  return kind ?? (usesMetadata(all) ? 'experimental' : 'standard');
}

function* nodesIn(node: Tree): Generator<Tree> {
  yield node;
  for (const field of Object.values(node))
    for (const child of Array.isArray(field) ? field : [field]) if (isTree(child)) yield* nodesIn(child);
}

function decoratesParameters({ params }: Tree): boolean {
  return (
    Array.isArray(params) &&
    params.some(({ decorators }) => Array.isArray(decorators) && decorators.length > 0)
  );
}

const usesMetadata = (all: readonly Tree[]): boolean =>
  'metadata' in Reflect ||
  all.some(
    ({ type, source }) =>
      type === 'ImportDeclaration' && (source as { value?: string })?.value === 'reflect-metadata',
  );

/** `a.b` of `@a.b` and of `@a.b(1)`. */
function nameOf(expression: Tree): { name: string | undefined; called: boolean } {
  if (expression.type === 'CallExpression') return { ...nameOf(expression.callee as Tree), called: true };
  if (expression.type === 'Identifier') return { name: String(expression.name), called: false };
  if (expression.type !== 'MemberExpression' || expression.computed)
    return { name: undefined, called: false };
  const { name } = nameOf(expression.object as Tree);
  return { name: name && `${name}.${(expression.property as Tree).name}`, called: false };
}

function kindOfSource(source: string | undefined, called: boolean): Decorators | undefined {
  if (source === undefined) return undefined;
  const { program, errors } = parseSync('decorator.js', `(${source})`);
  return errors.length ? undefined : kindOf(program as unknown as Tree, called);
}

/** By the parameters of the function in a declaration; when it is called, by those of the function in it. */
function kindOf(declaration: Tree, called: boolean): Decorators | undefined {
  const functions = [...nodesIn(declaration)].filter(({ type, body }) => /Function/.test(type) && body);
  const [outer, ...inner] = functions;
  for (const one of called ? inner : [outer]) {
    const kind = one && kindByParameters(one.params as Tree[]);
    if (kind) return kind;
  }
  return undefined;
}

function kindByParameters([, second, third]: readonly Tree[]): Decorators | undefined {
  if (third) return 'experimental';
  if (!second) return undefined;
  const annotation = isTree(second.typeAnnotation) ? JSON.stringify(second.typeAnnotation) : '';
  if (second.type === 'ObjectPattern' || /Context"/.test(annotation)) return 'standard';
  if (/TSStringKeyword|TSSymbolKeyword|"PropertyKey"/.test(annotation)) return 'experimental';
  const name = String(second.name ?? '');
  if (/c(?:on)?te?xt/i.test(name)) return 'standard';
  return /key|name|prop|member/i.test(name) ? 'experimental' : undefined;
}

const require = createRequire(import.meta.url);

/** What the nearest tsconfig.json says. */
function configuredIn(folder: string): Decorators | undefined {
  const file = join(folder, 'tsconfig.json');
  if (!existsSync(file)) return dirname(folder) === folder ? undefined : configuredIn(dirname(folder));
  const typescript = require('typescript') as typeof import('typescript');
  const { config } = typescript.readConfigFile(file, typescript.sys.readFile);
  // With what it extends; the files that it means are not looked for.
  const host = { ...typescript.sys, readDirectory: () => [] };
  const { experimentalDecorators } = typescript.parseJsonConfigFileContent(
    config ?? {},
    host,
    folder,
  ).options;
  if (experimentalDecorators === undefined) return undefined;
  return experimentalDecorators ? 'experimental' : 'standard';
}
