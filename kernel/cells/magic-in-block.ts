import type { CellError } from '../session/interpreter.js';
import { isMagic } from './magics/registry.js';

/** TypeScript that has a magic where none can stand, in a block or a call, is a syntax error which says so. */
export function explainMagicInBlock(error: CellError, code: string): CellError {
  const [, name, rest = ''] = /^[ \t]*%([a-z]+)\b[ \t]*(.*)$/m.exec(code) ?? [];
  if (error.ename !== 'SyntaxError' || name === undefined || !isMagic(name)) return error;
  const [verb = 'status'] = rest.split(/\s+/).filter(Boolean);
  const lines = [
    `found: %${name} within a block; magics stand on lines of the top level only`,
    name === 'nxc' ? `to do: call it there: await nxc.run('${verb}')` : 'to do: move it out of the block',
  ];
  return {
    ...error,
    evalue: [error.evalue, ...lines].join('\n'),
    traceback: [...error.traceback, ...lines],
  };
}
