import { JsonNumber } from '../ipynb/json.js';
import type { Declaration } from './declarations.js';
import { type DeclaredType, UNKNOWN } from './declared-type.js';

/** `n = 3`, `n: int = 3`, `a, b = 1, 2`. */
const ASSIGNMENT =
  /^([\p{L}_][\p{L}\p{N}_]*(?:[ \t]*,[ \t]*[\p{L}_][\p{L}\p{N}_]*)*)[ \t]*(?::[^=]*)?=(?!=)[ \t]*(.*)$/u;

/** Simple assignments at the top level of Python, as papermill looks for them: `n: int = 3`. */
export function pythonDeclarations(source: string): Map<string, Declaration> {
  const found = new Map<string, Declaration>();
  source.split('\n').forEach((text, index) => {
    const [, names, value = ''] = ASSIGNMENT.exec(text) ?? [];
    const each = names?.split(',').map(name => name.trim()) ?? [];
    const type = each.length === 1 ? typeOf(value) : UNKNOWN;
    for (const name of each) if (name) found.set(name, { type, line: index + 1, text: text.trim() });
  });
  return found;
}

function typeOf(value: string): DeclaredType {
  if (/^(?:True|False)\b/.test(value)) return { is: 'boolean' };
  if (/^[rbuf]{0,2}["']/i.test(value)) return { is: 'string' };
  // Integers of Python have any length.
  if (/^-?[\d.]+(?:e[+-]?\d+)?\s*(?:#.*)?$/i.test(value))
    return { is: 'union', of: [{ is: 'number' }, { is: 'bigint' }] };
  return UNKNOWN;
}

export function pythonLiteral(value: unknown): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number' && !Number.isFinite(value))
    return `float('${Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf'}')`;
  if (value instanceof JsonNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`;
  if (typeof value !== 'object') return typeof value === 'string' ? JSON.stringify(value) : String(value);
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}: ${pythonLiteral(member)}`,
  );
  return `{${members.join(', ')}}`;
}
