import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  diagnose,
  Evaluator,
  type Expression,
  NixError,
  Position,
  parse,
  Source,
} from '../../src/nix/index.js';
import { keywords, symbols } from '../../src/nix/syntax/token.js';
import type { Binding, Bindings, Part } from '../../src/nix/syntax/tree.js';
import { write } from './write.js';

const position = new Position(new Source(''), 0, 0);
const name = fc.constantFrom('a', 'b', 'foo', "x'", 'y-z', '_u');
const anyName = fc.oneof(name, fc.string({ unit: 'binary' }).map(withoutCarriageReturn));
const text = fc.string({ unit: 'binary', minLength: 1 }).map(withoutCarriageReturn).filter(Boolean);

/** A raw carriage return in a string means a newline, so it does not come back as it was. `quoted` escapes it. */
function withoutCarriageReturn(value: string): string {
  return value.replaceAll('\r', '');
}

const { expression } = fc.letrec<{ expression: Expression; leaf: Expression }>(tie => ({
  leaf: fc.oneof(
    fc.bigInt(0n, 2n ** 63n - 1n).map((value): Expression => ({ type: 'int', value, position })),
    fc
      .integer({ min: 1000, max: 999999 })
      .map((n): Expression => ({ type: 'float', value: n / 1000, position })),
    name.map((each): Expression => ({ type: 'variable', name: each, position })),
    text.map((each): Expression => ({ type: 'string', parts: [each], position })),
    fc.constantFrom<Expression>(
      { type: 'path', parts: ['./a/b.nix'], position },
      { type: 'path', parts: ['/x'], position },
      { type: 'path', parts: ['~/x-y'], position },
      { type: 'search-path', name: 'nixpkgs/lib', position },
    ),
  ),
  expression: fc.oneof({ maxDepth: 4, depthSize: 'small' }, tie('leaf'), composite(tie('expression'))),
}));

function composite(inner: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  const attribute = fc.oneof(
    anyName.map(each => ({ name: each, position })),
    // What is only text is a name, so a dynamic one is anything else.
    inner.filter(({ type }) => type !== 'string').map(each => ({ expression: each, position })),
  );
  const path = fc.array(attribute, { minLength: 1, maxLength: 3 });
  const bindings: fc.Arbitrary<Bindings> = fc
    .record({
      values: fc.dictionary(name, inner, { maxKeys: 3 }),
      inherited: fc.uniqueArray(fc.constantFrom('i', 'j'), { maxLength: 2 }),
      from: fc.option(inner),
    })
    .map(({ values, inherited, from }) => ({
      named: new Map<string, Binding>([
        ...Object.entries(values).map(([key, value]) => [key, { type: 'value', value, position }] as const),
        ...inherited.map(key => [key, { type: 'inherit', position }] as const),
        ...(from ? [['k', { type: 'inherit-from', source: 0, position }] as const] : []),
      ]),
      dynamic: [],
      sources: from ? [from] : [],
    }));
  const parts: fc.Arbitrary<Part[]> = fc
    .tuple(text, inner, inner, text)
    .map(([first, second, third, last]) => [first, second, third, last]);
  const formals = fc.record({
    names: fc
      .uniqueArray(fc.record({ name, fallback: fc.option(inner, { nil: undefined }) }), {
        selector: each => each.name,
        maxLength: 3,
      })
      .map(names => names.map(each => ({ ...each, position }))),
    open: fc.boolean(),
  });
  const operator = fc.constantFrom(
    '->',
    '||',
    '&&',
    '==',
    '!=',
    '<',
    '>',
    '<=',
    '>=',
    '//',
    '+',
    '-',
    '*',
    '/',
    '++',
  );
  const conditional = fc.tuple(inner, inner, inner).map(([condition, yes, no]): Expression => {
    // biome-ignore lint/suspicious/noThenProperty: the tree's own word
    return { type: 'if', condition, then: yes, else: no, position };
  });
  return fc.oneof(
    conditional,
    fc.record({ type: fc.constant('string'), parts, position: fc.constant(position) }),
    fc.record({ type: fc.constant('has'), subject: inner, path, position: fc.constant(position) }),
    fc.record({
      type: fc.constant('select'),
      subject: inner,
      path,
      fallback: fc.option(inner, { nil: undefined }),
      position: fc.constant(position),
    }),
    fc.record({
      type: fc.constant('call'),
      callee: inner,
      args: fc.array(inner, { minLength: 1, maxLength: 3 }),
      position: fc.constant(position),
    }),
    fc.record({
      type: fc.constant('lambda'),
      parameter: fc.option(fc.constant('whole'), { nil: undefined }),
      formals,
      body: inner,
      position: fc.constant(position),
    }),
    fc.record({
      type: fc.constant('lambda'),
      parameter: name,
      formals: fc.constant(undefined),
      body: inner,
      position: fc.constant(position),
    }),
    fc.record({ type: fc.constant('let'), bindings, body: inner, position: fc.constant(position) }),
    fc.record({
      type: fc.constant('set'),
      recursive: fc.boolean(),
      bindings,
      position: fc.constant(position),
    }),
    fc.record({
      type: fc.constant('list'),
      items: fc.array(inner, { maxLength: 3 }),
      position: fc.constant(position),
    }),
    fc.record({ type: fc.constant('with'), scope: inner, body: inner, position: fc.constant(position) }),
    fc.record({
      type: fc.constant('assert'),
      condition: inner,
      body: inner,
      position: fc.constant(position),
    }),
    fc.record({
      type: fc.constant('binary'),
      operator,
      left: inner,
      right: inner,
      operatorPosition: fc.constant(position),
      position: fc.constant(position),
    }),
    fc.record({
      type: fc.constant('unary'),
      operator: fc.constantFrom('!', '-'),
      operand: inner,
      position: fc.constant(position),
    }),
  ) as fc.Arbitrary<Expression>;
}

/** A tree without what its text does not say: places, and the names that functions are told by. */
function bare(value: unknown): unknown {
  if (value instanceof Map) return [...value].map(bare);
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  const isFunction = 'type' in value && value.type === 'lambda';
  const kept = Object.entries(value).filter(
    ([key, each]) =>
      key !== 'position' &&
      key !== 'operatorPosition' &&
      each !== undefined &&
      !(isFunction && key === 'name'),
  );
  return Object.fromEntries(kept.map(([key, each]) => [key, bare(each)]));
}

/** Pieces of Nix in any order: nearer to the parser's corners than arbitrary characters. */
const soup = fc
  .array(
    fc.oneof(
      fc.constantFrom<string>(
        ...keywords,
        ...symbols,
        '"',
        "''",
        "''${",
        '\\',
        '/*',
        '*/',
        '#',
        '\n',
        ' ',
        '~/',
      ),
      fc.constantFrom('a', 'b', '1', '1.5', './x', 'x:y', '<p>', '@', 'é', '\r', '\0', '$', '_'),
    ),
    { maxLength: 40 },
  )
  .chain(pieces => fc.constantFrom(' ', '').map(between => pieces.join(between)));

describe('the parser', () => {
  test('reads back every tree that is written out', () => {
    fc.assert(
      fc.property(expression, tree => {
        expect(bare(parse(write(tree)))).toEqual(bare(tree));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['any text', fc.string({ unit: 'binary', maxLength: 60 })],
    ['pieces of Nix in any order', soup],
  ])('answers %s with a tree or a NixError at a place in it', (_what, sources) => {
    fc.assert(
      fc.property(sources, source => {
        try {
          parse(source);
        } catch (error) {
          expect(error).toBeInstanceOf(NixError);
          expect((error as NixError).kind).toBe('parse');
          expect((error as NixError).position!.start).toBeLessThanOrEqual(source.length);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('diagnoses an error in every text that it refuses, and in no other', () => {
    fc.assert(
      fc.property(soup, source => {
        const refused = errorOf(() => parse(source)) !== undefined;
        const syntax = diagnose(source).filter(each => !/undefined variable|never used/.test(each.message));
        expect(syntax.length > 0).toBe(refused);
      }),
      { numRuns: 1000 },
    );
  });

  test('refuses what is nested too deeply without a crash', () => {
    for (const [open, close] of [
      ['(', ')'],
      ['[', ']'],
      ['{a=', ';}'],
      ['-', ''],
      ['"${', '}"'],
      ['x: ', ''],
    ]) {
      const source = `${open!.repeat(100_000)}1${close!.repeat(100_000)}`;
      const error = errorOf(() => parse(source)) as NixError;
      expect(error).toBeInstanceOf(NixError);
    }
  });
});

describe('the evaluator', () => {
  test('refuses an expression that is too long to be compiled', () => {
    const source = `${'1 + '.repeat(100_000)}1`;
    expect(errorOf(() => new Evaluator().evaluate(source))).toMatchObject({ kind: 'budget' });
    expect(diagnose(source)).toMatchObject([{ message: 'this expression is nested too deeply' }]);
  });

  test('ends on every expression, with a value or a NixError', () => {
    fc.assert(
      fc.property(expression, tree => {
        const evaluator = new Evaluator({ budget: { steps: 20_000 } });
        const scope = { a: 1n, b: [], foo: 'text', i: true, j: null, "x'": 2.5, 'y-z': [1n], _u: '' };
        const error = errorOf(() => evaluator.print(evaluator.evaluate(write(tree), { scope })));
        if (error !== undefined) expect(error).toBeInstanceOf(NixError);
      }),
      { numRuns: 500 },
    );
  });

  test('writes strings so that Nix code reads them back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), value => {
        const evaluator = new Evaluator();
        expect(evaluator.evaluate(evaluator.print(value))).toBe(value);
      }),
    );
  });

  test('reads back every JSON value that it writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), value => {
        const evaluator = new Evaluator();
        const roundTrip = evaluator.evaluate('builtins.fromJSON json', {
          scope: { json: JSON.stringify(value) },
        });
        expect(evaluator.toJson(roundTrip)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

function errorOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
