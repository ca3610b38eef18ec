import type { BinaryOperator } from './tree.js';

export interface Precedence {
  level: number;
  associates: 'left' | 'right' | 'never';
}

/** Binary operators and how tightly they bind, loosest first (Nix manual, "Operators"). */
export const precedences: ReadonlyMap<string, Precedence> = new Map<BinaryOperator | '?', Precedence>([
  ['->', { level: 1, associates: 'right' }],
  ['||', { level: 2, associates: 'left' }],
  ['&&', { level: 3, associates: 'left' }],
  ['==', { level: 4, associates: 'never' }],
  ['!=', { level: 4, associates: 'never' }],
  ['<', { level: 5, associates: 'never' }],
  ['>', { level: 5, associates: 'never' }],
  ['<=', { level: 5, associates: 'never' }],
  ['>=', { level: 5, associates: 'never' }],
  ['//', { level: 6, associates: 'right' }],
  ['+', { level: 8, associates: 'left' }],
  ['-', { level: 8, associates: 'left' }],
  ['*', { level: 9, associates: 'left' }],
  ['/', { level: 9, associates: 'left' }],
  ['++', { level: 10, associates: 'right' }],
  // Its right side is a path and no operand: `a ? b ? c` is `(a ? b) ? c`.
  ['?', { level: 11, associates: 'left' }],
]);

/** What an operand of prefix `!` binds at least as tightly as; `!a + b` is `!(a + b)`. */
export const notLevel = 8;
/** The same of prefix `-`, the tightest of all. */
export const negateLevel = 12;
