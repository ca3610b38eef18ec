import { expect, it } from 'vitest';
import { Remembered } from '../../kernel/remembered.js';

it('of cells only the last 1,000 are remembered', () => {
  const cells = new Remembered<number>();
  for (let i = 0; i < 1500; i++) cells.set(`cell ${i}`, i);
  expect(cells.size).toBe(1000);
  expect(cells.get('cell 499')).toBeUndefined();
  expect([cells.get('cell 500'), cells.get('cell 1499')]).toEqual([500, 1499]);
});
