import MagicString from 'magic-string';
import { type Node, type ParseResult, type Program, parseSync, type VariableDeclaration } from 'oxc-parser';
import { declareInScope, mentionsShadowed, nameInScope, renameShadowed } from './shadowed-globals.js';
import { boundNames, childrenOf } from './syntax-tree.js';

/** The object through which rewritten cells reach the child; see `runtime.ts`. */
export const RUNTIME = '__nxc';
const CHECK = `if (${RUNTIME}.stop[0]) ${RUNTIME}.stopped();`;
const CHECK_AWAITING = `${CHECK} ${RUNTIME}.interrupted();`;

export interface Rewritten {
  code: string;
  /** From `code` to the JavaScript that was given; undefined when nothing changed. */
  map(): unknown;
}

/**
 * Makes a JavaScript module fit for `Runtime.evaluate` in REPL mode, which takes scripts: imports become awaited
 * calls, exports lose their `export`, and top-level `const`, `var` and `function` become `let`, because V8 lets a
 * later cell declare a name again only when it is lexical and of the same kind. What hides a global gets another name. Every loop asks at each turn whether
 * it shall stop: terminated from outside, code that runs after an `await` or in a timer takes Node 20 down with it.
 * When its cell was interrupted, code does not go on after an `await`, but for cleaning up.
 */
export function rewriteForRepl(js: string): Rewritten {
  if (!/\b(?:import|export|var|let|const|class|function|for|while|await)\b/.test(js) && !mentionsShadowed(js))
    return { code: js, map: () => undefined };
  const parsed = parseSync('cell.js', js, { sourceType: 'module' });
  const text = new MagicString(js);
  const variables = new Set<string>();
  outerVariables(parsed.program, variables);
  for (const name of [...variables, ...lexicalNames(parsed.program)]) declareInScope(name);
  renameShadowed(parsed.program, text);
  rewriteDynamic(parsed, text);
  const functions = new Set<string>();
  for (const statement of parsed.program.body) {
    rewriteModuleStatement(statement, text);
    const declared = declarationOf(statement);
    if (declared.type === 'FunctionDeclaration' && declared.id) {
      functions.add(declared.id.name);
      if (nameInScope(declared.id.name) === declared.id.name) text.remove(declared.id.start, declared.id.end);
      else text.update(declared.id.start, declared.id.end, declared.id.name);
      text.prependRight(declared.start, `let ${nameInScope(declared.id.name)} = `);
      text.appendLeft(declared.end, ';');
      if (declared.start > 0) text.move(declared.start, declared.end, 0);
    } else if (declared.type === 'VariableDeclaration' && declared.kind === 'const') {
      text.update(declared.start, declared.start + 'const'.length, 'let');
    } else if (declared.type === 'ClassDeclaration' && declared.id) nameClass(declared, declared.id, text);
    else rewriteVariables(declared, text);
  }
  guardLoops(parsed.program, text);
  guardAwaits(parsed.program, text);
  const names = [...variables].filter(name => !functions.has(name));
  if (names.length) text.prepend(`let ${names.map(nameInScope).join(', ')}; `);
  return { code: text.toString(), map: () => text.generateMap({ hires: 'boundary' }) };
}

function rewriteDynamic({ module }: ParseResult, text: MagicString): void {
  for (const { start } of module.dynamicImports)
    text.update(start, start + 'import'.length, `${RUNTIME}.import`);
  for (const { start, end } of module.importMetas) text.update(start, end, `${RUNTIME}.meta`);
}

/** What the cell declares, without its `var`s, in the scope that it shares with other cells. */
function lexicalNames({ body }: Program): Set<string> {
  const names = new Set<string>();
  for (const statement of body) {
    const declared = declarationOf(statement);
    if (declared.type === 'ImportDeclaration')
      for (const { local } of declared.specifiers) names.add(local.name);
    else if ('id' in declared && declared.id) boundNames(declared.id, names);
    else if (declared.type === 'VariableDeclaration' && declared.kind !== 'var')
      for (const { id } of declared.declarations) boundNames(id, names);
  }
  return names;
}

/** A class whose variable has another name keeps its own. */
function nameClass(
  { start, end }: Node,
  { name, ...id }: { name: string; start: number; end: number },
  text: MagicString,
): void {
  if (nameInScope(name) === name) return;
  text.update(id.start, id.end, name);
  text.prependRight(start, `let ${nameInScope(name)} = `);
  text.appendLeft(end, ';');
}

type Statement = Program['body'][number];

function declarationOf(statement: Statement): Node {
  if (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') {
    return statement.declaration ?? statement;
  }
  return statement;
}

function rewriteModuleStatement(statement: Statement, text: MagicString): void {
  const { start, end } = statement;
  if (statement.type === 'ImportDeclaration') {
    text.update(start, end, importCall(statement));
  } else if (statement.type === 'ExportAllDeclaration') {
    text.update(start, end, `await ${RUNTIME}.import(${statement.source.raw});`);
  } else if (statement.type === 'ExportNamedDeclaration') {
    if (statement.declaration) text.remove(start, statement.declaration.start);
    else
      text.update(start, end, statement.source ? `await ${RUNTIME}.import(${statement.source.raw});` : ';');
  } else if (statement.type === 'ExportDefaultDeclaration') {
    const { declaration } = statement;
    const named = 'id' in declaration && declaration.id !== null;
    if (named) text.remove(start, declaration.start);
    else {
      text.update(start, declaration.start, 'void (');
      text.appendLeft(declaration.end, ')');
    }
  }
}

/** `import a, { b as c } from 'x'` → `let { default: a, b: c } = await __nxc.named('x', ["default", "b"]);` */
function importCall({ source, specifiers }: Extract<Statement, { type: 'ImportDeclaration' }>): string {
  const from = source.raw;
  const pairs: Array<{ imported: string; local: string }> = [];
  let namespace: string | undefined;
  for (const specifier of specifiers) {
    const local = nameInScope(specifier.local.name);
    if (specifier.type === 'ImportNamespaceSpecifier') namespace = local;
    else if (specifier.type === 'ImportDefaultSpecifier') pairs.push({ imported: 'default', local });
    else {
      const { imported } = specifier;
      pairs.push({ imported: imported.type === 'Literal' ? imported.value : imported.name, local });
    }
  }
  const calls: string[] = [];
  if (namespace) calls.push(`let ${namespace} = await ${RUNTIME}.import(${from});`);
  if (pairs.length) {
    const pattern = pairs.map(({ imported, local }) => `${JSON.stringify(imported)}: ${local}`).join(', ');
    const names = JSON.stringify(pairs.map(({ imported }) => imported));
    calls.push(`let { ${pattern} } = await ${RUNTIME}.named(${from}, ${names});`);
  }
  return calls.join(' ') || `await ${RUNTIME}.import(${from});`;
}

const LOOP = /^(?:For|ForIn|ForOf|While|DoWhile)Statement$/;

function guardLoops(node: Node, text: MagicString): void {
  if (LOOP.test(node.type)) {
    const { body } = node as Extract<Node, { type: 'WhileStatement' }>;
    const check = awaits(node) ? CHECK_AWAITING : CHECK;
    if (body.type === 'BlockStatement') text.appendRight(body.start + 1, check);
    else {
      text.appendLeft(body.start, `{${check}`);
      text.appendRight(body.end, '}');
    }
  }
  for (const child of childrenOf(node)) guardLoops(child, text);
}

/** Whether its own function awaits in it. */
function awaits(node: Node): boolean {
  if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await)) return true;
  return childrenOf(node).some(child => !/Function/.test(child.type) && awaits(child));
}

function guardAwaits(node: Node, text: MagicString): void {
  if (node.type === 'AwaitExpression') {
    text.appendLeft(node.start, `${RUNTIME}.resumed(`);
    text.appendRight(node.end, ')');
  }
  // Who cleans up shall come to the end.
  const cleaning = node.type === 'TryStatement' ? [node.handler, node.finalizer] : [];
  for (const child of childrenOf(node)) if (!cleaning.includes(child as never)) guardAwaits(child, text);
}

const NEW_SCOPE = /Function|^(?:Class|MethodDefinition|StaticBlock)/;

/** Collects the names of every `var` of the cell's own scope. */
function outerVariables(node: Node, names: Set<string>): void {
  if (NEW_SCOPE.test(node.type)) return;
  if (node.type === 'VariableDeclaration' && node.kind === 'var')
    for (const { id } of node.declarations) boundNames(id, names);
  for (const child of childrenOf(node)) outerVariables(child, names);
}

/** Turns them into assignments. */
function rewriteVariables(node: Node, text: MagicString, parent?: Node): void {
  if (NEW_SCOPE.test(node.type)) return;
  if (node.type === 'VariableDeclaration' && node.kind === 'var') assign(node, text, parent);
  for (const child of childrenOf(node)) rewriteVariables(child, text, node);
}

function assign(declaration: VariableDeclaration, text: MagicString, parent?: Node): void {
  const first = declaration.declarations[0]!;
  const isLoopTarget =
    (parent?.type === 'ForInStatement' || parent?.type === 'ForOfStatement') && parent.left === declaration;
  if (isLoopTarget) {
    text.remove(declaration.start, first.start);
    return;
  }
  // `void` keeps the line from continuing the one before, and declarations have no value.
  text.update(declaration.start, first.start, 'void ');
  for (const { id, init, start, end } of declaration.declarations) {
    text.appendRight(start, '(');
    if (!init && id.type === 'Identifier') text.appendLeft(end, ' = void 0');
    text.appendLeft(end, ')');
  }
}
