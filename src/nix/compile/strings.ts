import { coerceToText } from '../coerce.js';
import { NixError } from '../error.js';
import type { Part, PathNode, StringNode } from '../syntax/tree.js';
import { concatenate, contextOf, type Text } from '../text.js';
import { type Code, NixPath } from '../value.js';
import type { Compiler } from './code.js';
import type { Env, Scope } from './scope.js';

type TextCode = (env: Env) => Text;

export function compileString(compiler: Compiler, node: StringNode, scope: Scope): Code {
  const parts = node.parts.map(part => compilePart(compiler, part, scope, true));
  return env => concatenate(parts.map(part => part(env)));
}

export function compilePath(compiler: Compiler, node: PathNode, scope: Scope): Code {
  const { files } = compiler;
  const { directory } = node.position.source;
  const [start] = node.parts;
  if (node.parts.length === 1 && typeof start === 'string') {
    const path = new NixPath(files.resolve(start, directory));
    return () => path;
  }
  const parts = node.parts.map(part => compilePart(compiler, part, scope, false));
  return env => {
    const text = concatenate(parts.map(part => part(env)));
    if (contextOf(text).size) {
      throw new NixError('type', 'a string that refers to the store cannot be part of a path', node.position);
    }
    return new NixPath(files.resolve(String(text), directory));
  };
}

function compilePart(
  { evaluation, files, compile }: Compiler,
  part: Part,
  scope: Scope,
  copying: boolean,
): TextCode {
  if (typeof part === 'string') return () => part;
  const code = compile(part, scope);
  const coercion = { position: part.position, copy: copying ? files.copy : undefined };
  return env => {
    try {
      return coerceToText(evaluation, code(env), coercion);
    } catch (error) {
      return evaluation.goOn(error, part.position);
    }
  };
}
