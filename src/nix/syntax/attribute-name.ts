import { readInterpolation, readString } from './string.js';
import type { TokenReader } from './token-reader.js';
import type { AttributeName } from './tree.js';

/** `a.b."c".${d}`. */
export function readAttributePath(read: TokenReader): AttributeName[] {
  const path = [readAttributeName(read)];
  while (read.accept('.')) path.push(readAttributeName(read));
  return path;
}

export function readAttributeName(read: TokenReader): AttributeName {
  const token = read.next;
  switch (token.type) {
    case 'id':
    case 'or':
      read.take();
      return { name: token.value, position: read.position(token) };
    case '"': {
      const expression = readString(read);
      const { parts, position } = expression;
      const name = parts.length ? parts[0] : '';
      return parts.length <= 1 && typeof name === 'string' ? { name, position } : { expression, position };
    }
    case '${': {
      const expression = readInterpolation(read);
      const position = read.since(token.start);
      // `${"name"}` is as good as the name.
      if (expression.type === 'string' && expression.parts.length === 1) {
        const name = expression.parts[0]!;
        if (typeof name === 'string') return { name, position };
      }
      return { expression, position };
    }
  }
  throw read.unexpected("the name of an attribute, or 'inherit'");
}
