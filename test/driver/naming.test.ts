import { describe, expect, it } from 'vitest';
import { identifier } from '../../src/composition/identifier.js';

describe('names', () => {
  it('any node name becomes a variable of TypeScript and Python', () => {
    expect(['client-1', '1st', 'class', 'lambda', 'näh'].map(identifier)).toEqual([
      'client_1',
      '_1st',
      'class_',
      'lambda_',
      'n_h',
    ]);
  });
});
