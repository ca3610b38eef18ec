import { describe, expect, it } from 'vitest';
import { type Ordered, startOrder } from '../../../src/composition/systemd/order.js';

const unit = (name: string, parts: Partial<Ordered> = {}): Ordered => ({
  after: [],
  before: [],
  requires: [],
  wants: [],
  ...parts,
  name,
});
const names = (...units: Ordered[]) => startOrder(units).map(({ name }) => name);

describe('units start', () => {
  it('in the order of after and before', () => {
    expect(
      names(unit('a', { after: ['b'] }), unit('b', { after: ['c', 'network.target'] }), unit('c')),
    ).toEqual(['c', 'b', 'a']);
    expect(names(unit('a'), unit('b', { before: ['a'] }))).toEqual(['b', 'a']);
  });

  it('after what they require, unless they say otherwise', () => {
    expect(names(unit('a', { requires: ['b'] }), unit('b'))).toEqual(['b', 'a']);
    expect(names(unit('b', { requires: ['a'], before: ['a'] }), unit('a'))).toEqual(['b', 'a']);
  });

  it('also when two want each other', () => {
    expect(names(unit('a', { wants: ['b'] }), unit('b', { wants: ['a'] })).sort()).toEqual(['a', 'b']);
  });

  it('never in a cycle', () => {
    expect(() =>
      names(unit('a', { after: ['b'] }), unit('b', { after: ['c'] }), unit('c', { after: ['a'] })),
    ).toThrow('these wait for each other in a cycle: a after b after c after a');
  });
});
