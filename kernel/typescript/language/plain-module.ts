import { parseSync } from 'oxc-parser';

/**
 * A cell's code as tslab's older TypeScript understands it, every character in its place: without `export`, which tslab
 * adds itself, and with `const` for `using`. Code with errors is returned as it is.
 */
export function plainModule(code: string): string {
  if (!/\b(?:export|using)\b/.test(code)) return code;
  const { errors, program } = parseSync('cell.ts', code, { sourceType: 'module' });
  if (errors.length) return code;
  let plain = code;
  const put = (start: number, end: number, text = '') => {
    plain = plain.slice(0, start) + text.padStart(end - start) + plain.slice(end);
  };
  for (const statement of program.body) {
    const { start, end } = statement;
    if (statement.type === 'ExportNamedDeclaration') put(start, statement.declaration?.start ?? end);
    else if (statement.type === 'ExportAllDeclaration') put(start, end);
    else if (statement.type === 'ExportDefaultDeclaration') {
      const { declaration } = statement;
      if ('id' in declaration && declaration.id) put(start, declaration.start);
      else put(start, end);
    } else if (statement.type === 'VariableDeclaration' && /using$/.test(statement.kind)) {
      put(start, start + /^(?:await\s+)?using/.exec(code.slice(start))![0].length, 'const');
    }
  }
  return plain;
}
