import type MagicString from 'magic-string';
import type { Node } from 'oxc-parser';
import { childrenOf } from './syntax-tree.js';

/** ZERO WIDTH NON-JOINER: it may stand in a name, and shows as nothing where the name is printed. */
const MARK = '\u200c';

const globals = new Set(Object.getOwnPropertyNames(globalThis));
const shadowed = new Set<string>();

/**
 * A cell may declare what Node has as a global: `import { setTimeout } from 'node:timers/promises'`, `class Map {}`. In V8's REPL mode
 * that hides it from every module of the process, packages and this child included. So such a variable has another name in V8,
 * from the cell on that declares it.
 */
export function declareInScope(name: string): void {
  if (globals.has(name)) shadowed.add(name);
}

/** The name that V8 knows a variable of the cells' scope by. */
export function nameInScope(name: string): string {
  return shadowed.has(name) ? name + MARK : name;
}

/** The same for an expression that is a name, with or without members. */
export function chainInScope(expression: string): string {
  return expression.replace(/^[\p{ID_Start}$_][\p{ID_Continue}$]*/u, nameInScope);
}

/** The name that the user gave a variable of the cells' scope. */
export function nameOfUser(name: string): string {
  return name.endsWith(MARK) ? name.slice(0, -1) : name;
}

export function mentionsShadowed(code: string): boolean {
  return [...shadowed].some(name => code.includes(name));
}

/**
 * Gives every use and declaration of such a name below `node` its other name, also where an inner scope declares it: within a cell
 * that changes nothing. Import and export statements are written anew elsewhere.
 */
export function renameShadowed(node: Node, text: MagicString): void {
  if (node.type === 'Identifier') {
    const name = nameInScope(node.name);
    if (name !== node.name) text.update(node.start, node.end, name);
    return;
  }
  if (node.type === 'ImportDeclaration' || node.type === 'ExportSpecifier') return;
  if (node.type === 'Property' && node.shorthand && node.key.type === 'Identifier') {
    const { name, start } = node.key;
    if (nameInScope(name) !== name) text.appendLeft(start, `${name}: `);
  }
  for (const child of childrenOf(node)) if (!isPlainName(child, node)) renameShadowed(child, text);
}

/** Whether a child is the name of a property or a label, which no scope knows. */
function isPlainName(child: Node, node: Node): boolean {
  switch (node.type) {
    case 'MemberExpression':
      return node.property === child && !node.computed;
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'AccessorProperty':
      return node.key === child && !node.computed;
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return node.label === child;
    case 'MetaProperty':
      return true;
    default:
      return false;
  }
}
