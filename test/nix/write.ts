import { attributeName, quoted } from '../../src/nix/literal.js';
import type { AttributeName, Bindings, Expression, Part } from '../../src/nix/syntax/tree.js';

/** A syntax tree as source text, with parentheses around everything that could need them. */
export function write(node: Expression): string {
  switch (node.type) {
    case 'int':
      return String(node.value);
    case 'float':
      return node.value.toFixed(3);
    case 'string':
      return `"${node.parts.map(inString).join('')}"`;
    case 'path':
      return node.parts.map(part => (typeof part === 'string' ? part : `\${${write(part)}}`)).join('');
    case 'search-path':
      return `<${node.name}>`;
    case 'variable':
      return node.name;
    case 'select': {
      const fallback = node.fallback ? ` or ${inner(node.fallback)}` : '';
      return `${inner(node.subject)}.${path(node.path)}${fallback}`;
    }
    case 'has':
      return `${inner(node.subject)} ? ${path(node.path)}`;
    case 'call':
      return [node.callee, ...node.args].map(inner).join(' ');
    case 'lambda': {
      const formals = node.formals?.names.map(({ name, fallback }) =>
        fallback ? `${name} ? ${write(fallback)}` : name,
      );
      if (!formals) return `${node.parameter}: ${write(node.body)}`;
      const pattern = `{ ${[...formals, ...(node.formals!.open ? ['...'] : [])].join(', ')} }`;
      return `${pattern}${node.parameter === undefined ? '' : `@${node.parameter}`}: ${write(node.body)}`;
    }
    case 'let':
      return `let ${bindings(node.bindings)} in ${write(node.body)}`;
    case 'set':
      return `${node.recursive ? 'rec ' : ''}{ ${bindings(node.bindings)} }`;
    case 'list':
      return `[ ${node.items.map(inner).join(' ')} ]`;
    case 'with':
      return `with ${write(node.scope)}; ${write(node.body)}`;
    case 'if':
      return `if ${write(node.condition)} then ${write(node.then)} else ${write(node.else)}`;
    case 'assert':
      return `assert ${write(node.condition)}; ${write(node.body)}`;
    case 'binary':
      return `${inner(node.left)} ${node.operator} ${inner(node.right)}`;
    case 'unary':
      return `${node.operator}${inner(node.operand)}`;
  }
}

function inner(node: Expression): string {
  return `(${write(node)})`;
}

function inString(part: Part): string {
  return typeof part === 'string' ? quoted(part).slice(1, -1) : `\${${write(part)}}`;
}

function path(names: readonly AttributeName[]): string {
  return names
    .map(each => ('name' in each ? attributeName(each.name) : `\${${write(each.expression)}}`))
    .join('.');
}

function bindings({ named, dynamic, sources }: Bindings): string {
  const texts = [...named].map(([name, binding]) => {
    if (binding.type === 'value') return `${attributeName(name)} = ${write(binding.value)};`;
    if (binding.type === 'inherit') return `inherit ${attributeName(name)};`;
    return `inherit (${write(sources[binding.source]!)}) ${attributeName(name)};`;
  });
  return [...texts, ...dynamic.map(({ name, value }) => `\${${write(name)}} = ${write(value)};`)].join(' ');
}
