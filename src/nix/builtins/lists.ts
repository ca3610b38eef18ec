import { Attrs } from '../attrs.js';
import { compare, equal } from '../compare.js';
import { NixError } from '../error.js';
import { expectAttrs, expectBool, expectFunction, expectInt, expectList, expectString } from '../expect.js';
import { select } from '../select.js';
import { checkListLength } from '../size.js';
import { force, type Lazy, Primop, Thunk, type Value } from '../value.js';
import type { Builtins, Workshop } from './builtin.js';

export function listBuiltins({ evaluation }: Workshop): Builtins {
  const holds = (test: Lazy, item: Lazy) => expectBool(evaluation.apply(force(test), item));
  return {
    map: (f, list) => {
      const code = (item: Lazy) => evaluation.apply(force(f), item);
      return expectList(list).map(item => Thunk.delay(code, item));
    },
    filter: (test, list) => expectList(list).filter(item => holds(test, item)),
    all: (test, list) => expectList(list).every(item => holds(test, item)),
    any: (test, list) => expectList(list).some(item => holds(test, item)),
    elem: (value, list) => expectList(list).some(item => equal(force(value), force(item))),
    length: list => BigInt(expectList(list).length),
    head: list => itemAt(expectList(list), 0n),
    tail: list => {
      const items = expectList(list);
      if (!items.length) throw new NixError('evaluation', 'an empty list has no tail');
      return items.slice(1);
    },
    elemAt: (list, index) => itemAt(expectList(list), expectInt(index)),
    concatLists: lists => joined(expectList(lists).map(list => expectList(list))),
    concatMap: (f, list) => joined(expectList(list).map(item => expectList(evaluation.call(f, item)))),
    "foldl'": (f, start, list) => {
      let result: Lazy = start;
      const step = expectFunction(f);
      for (const item of expectList(list)) result = evaluation.apply2(step, result, item);
      return force(result);
    },
    genList: (f, length) => {
      const count = expectInt(length);
      if (count < 0n) throw new NixError('evaluation', `a list cannot have ${count} items`);
      checkListLength(Number(count));
      const code = (index: bigint) => evaluation.apply(force(f), index);
      const items: Lazy[] = [];
      for (let i = 0n; i < count; i++) {
        evaluation.step();
        items.push(Thunk.delay(code, i));
      }
      return items;
    },
    sort: (less, list) => {
      const order = force(less);
      const isLess = (a: Lazy, b: Lazy) => expectBool(evaluation.call(order, a, b));
      const natural = order instanceof Primop && order.name === 'lessThan' && !order.bound.length;
      return [...expectList(list)].sort((a, b) =>
        natural ? compare(force(a), force(b)) : isLess(a, b) ? -1 : isLess(b, a) ? 1 : 0,
      );
    },
    partition: (test, list) => {
      const right: Lazy[] = [];
      const wrong: Lazy[] = [];
      for (const item of expectList(list)) (holds(test, item) ? right : wrong).push(item);
      return Attrs.from({ right, wrong });
    },
    groupBy: (f, list) => {
      const groups = new Map<string, Lazy[]>();
      for (const item of expectList(list)) {
        const name = expectString(evaluation.call(f, item));
        const group = groups.get(name);
        if (group) group.push(item);
        else groups.set(name, [item]);
      }
      return new Attrs(groups);
    },
    genericClosure: argument => {
      const set = expectAttrs(argument);
      const waiting = [...expectList(select(set, 'startSet'))];
      const operator = expectFunction(select(set, 'operator'));
      const keys = new Keys();
      const reached: Lazy[] = [];
      // What is found is worked off in order; the list grows while it is walked.
      for (const item of waiting) {
        evaluation.step();
        if (!keys.add(select(item, 'key'))) continue;
        reached.push(item);
        for (const found of expectList(evaluation.call(operator, item))) waiting.push(found);
      }
      return reached;
    },
  };
}

function itemAt(items: readonly Lazy[], index: bigint): Lazy {
  const item = index < 0n ? undefined : items[Number(index)];
  if (item !== undefined) return item;
  throw new NixError('evaluation', {
    asked: `the list has no item ${index}`,
    found: items.length ? `it has ${items.length}, counted from 0` : 'it is empty',
  });
}

/** Keys that were seen. Nix lets any values with an order be keys; strings and integers are found at once. */
class Keys {
  readonly #simple = new Set<string | bigint>();
  readonly #other: Value[] = [];

  /** False when an equal key is there already. */
  add(key: Value): boolean {
    if (typeof key === 'string' || typeof key === 'bigint') {
      return this.#simple.size < this.#simple.add(key).size;
    }
    if (this.#other.some(known => compare(known, key) === 0)) return false;
    this.#other.push(key);
    return true;
  }
}

function joined(lists: ReadonlyArray<readonly Lazy[]>): Lazy[] {
  checkListLength(lists.reduce((sum, { length }) => sum + length, 0));
  return lists.flat();
}
