import { nearest } from '../suggest.js';
import type { NixError } from './error.js';
import { Evaluator } from './evaluator.js';
import { isStackOverflow } from './overflow.js';
import { type Position, Source } from './source.js';
import { parseSource, tooDeep } from './syntax/parse.js';
import type { AttributeName, Bindings, Expression } from './syntax/tree.js';

/** What an editor marks. Lines and columns from 1, columns in UTF-16 units; the end is exclusive. */
export interface Diagnostic {
  severity: 'error' | 'warning';
  message: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/** All syntax errors; when there are none, undefined variables and names of `let` that nobody uses. In order of place. */
export function diagnose(text: string, file?: string): Diagnostic[] {
  const source = new Source(text, file);
  const { tree, errors } = parseSource(source);
  if (errors.length || !tree) return errors.map(syntaxError);
  const names = new Names(new Evaluator().globalNames);
  try {
    names.walk(tree, undefined);
  } catch (error) {
    if (isStackOverflow(error)) return [syntaxError(tooDeep(source))];
    throw error;
  }
  return names.found.sort((a, b) => a.line - b.line || a.column - b.column);
}

function syntaxError({ parts, position }: NixError): Diagnostic {
  const message = [parts.asked, parts.found && `found ${parts.found}`, parts.todo].filter(Boolean).join('; ');
  return diagnostic('error', message, position!);
}

function diagnostic(severity: Diagnostic['severity'], message: string, position: Position): Diagnostic {
  const { line, column } = position;
  const end = position.source.lineAndColumn(position.end);
  return { severity, message, line, column, endLine: end.line, endColumn: end.column };
}

interface Binder {
  names: Map<string, { used: boolean; position?: Position }>;
  /** Inside `with` any name may exist. */
  open: boolean;
  parent: Binder | undefined;
}

/** Follows every variable to where it is bound. */
class Names {
  readonly found: Diagnostic[] = [];

  constructor(private readonly globals: ReadonlySet<string>) {}

  walk(node: Expression, scope: Binder | undefined): void {
    switch (node.type) {
      case 'variable':
        this.#use(node.name, node.position, scope);
        return;
      case 'string':
      case 'path':
        for (const part of node.parts) if (typeof part !== 'string') this.walk(part, scope);
        return;
      case 'select':
      case 'has':
        this.walk(node.subject, scope);
        this.#path(node.path, scope);
        if (node.type === 'select' && node.fallback) this.walk(node.fallback, scope);
        return;
      case 'call':
        for (const each of [node.callee, ...node.args]) this.walk(each, scope);
        return;
      case 'lambda': {
        const names = node.formals?.names ?? [];
        const bound = [...names.map(({ name }) => name), ...(node.parameter ? [node.parameter] : [])];
        const inside = binder(scope, bound);
        for (const { fallback } of names) if (fallback) this.walk(fallback, inside);
        this.walk(node.body, inside);
        return;
      }
      case 'let': {
        const inside = this.#bindings(node.bindings, scope, true);
        this.walk(node.body, inside);
        for (const [name, { used, position }] of inside!.names) {
          // A name that begins with _ is unused on purpose.
          if (used || name.startsWith('_')) continue;
          this.found.push(diagnostic('warning', `'${name}' is never used`, position!));
        }
        return;
      }
      case 'set':
        this.#bindings(node.bindings, scope, node.recursive);
        return;
      case 'list':
        for (const item of node.items) this.walk(item, scope);
        return;
      case 'with':
        this.walk(node.scope, scope);
        this.walk(node.body, { names: new Map(), open: true, parent: scope });
        return;
      case 'if':
        for (const each of [node.condition, node.then, node.else]) this.walk(each, scope);
        return;
      case 'assert':
        for (const each of [node.condition, node.body]) this.walk(each, scope);
        return;
      case 'binary':
        for (const each of [node.left, node.right]) this.walk(each, scope);
        return;
      case 'unary':
        this.walk(node.operand, scope);
        return;
    }
  }

  #bindings(bindings: Bindings, scope: Binder | undefined, recursive: boolean): Binder | undefined {
    const inside = recursive ? binder(scope, []) : scope;
    if (recursive) {
      for (const [name, { position }] of bindings.named) inside!.names.set(name, { used: false, position });
    }
    for (const [name, binding] of bindings.named) {
      if (binding.type === 'value') this.walk(binding.value, inside);
      if (binding.type === 'inherit') this.#use(name, binding.position, scope);
    }
    for (const source of bindings.sources) this.walk(source, inside);
    for (const { name, value } of bindings.dynamic) {
      this.walk(name, inside);
      this.walk(value, inside);
    }
    return inside;
  }

  #path(path: readonly AttributeName[], scope: Binder | undefined): void {
    for (const each of path) if ('expression' in each) this.walk(each.expression, scope);
  }

  #use(name: string, position: Position, scope: Binder | undefined): void {
    let open = false;
    const visible: string[] = [];
    for (let at = scope; at; at = at.parent) {
      const bound = at.names.get(name);
      if (bound) {
        bound.used = true;
        return;
      }
      open ||= at.open;
      visible.push(...at.names.keys());
    }
    if (open || this.globals.has(name) || name === '__curPos') return;
    const near = nearest(name, [...visible, ...this.globals]);
    const hint = near.length ? `; did you mean ${near.join(', ')}?` : '';
    this.found.push(diagnostic('error', `undefined variable '${name}'${hint}`, position));
  }
}

function binder(parent: Binder | undefined, names: readonly string[]): Binder {
  return { names: new Map(names.map(name => [name, { used: false }])), open: false, parent };
}
