import { expect, test } from 'vitest';
import { NxcError } from '../../src/errors.js';
import { Evaluator, NixError, primop } from '../../src/nix/index.js';

function failure(text: string, evaluator = new Evaluator()): NixError {
  try {
    evaluator.deepForce(evaluator.evaluate(text, { file: '/project/composition.nix' }));
  } catch (error) {
    expect(error).toBeInstanceOf(NixError);
    return error as NixError;
  }
  throw new Error(`no error in ${text}`);
}

test('an error shows the line, a caret below the place, and what was found', () => {
  const error = failure('{\n  a = 1;\n  b = "x" + 2;\n}');
  expect(error.message).toBe(
    [
      "the two sides of '+' do not fit together",
      'at /project/composition.nix:3:11',
      '',
      '3 |   b = "x" + 2;',
      '  |           ^',
      '',
      'found: a string: "x" and an integer: 2',
      'to do: toString makes a string of a number',
      "while evaluating the attribute 'b' (/project/composition.nix:3:3)",
    ].join('\n'),
  );
  expect(error).toMatchObject({ file: '/project/composition.nix', line: 3, column: 11, kind: 'type' });
  expect(error).toBeInstanceOf(NxcError);
});

test('a misspelt attribute or variable suggests the right one', () => {
  expect(failure('{ services = 1; }.servises').message).toContain('did you mean services?');
  expect(failure('let server = 1; in sever').message).toContain('did you mean server?');
  expect(failure('with { nodejs = 1; }; nodesj').message).toContain('did you mean nodejs?');
  expect(failure('({ port }: port) { prot = 1; port = 2; }').message).toContain('did you mean port?');
});

test('the trace tells the calls on the way, innermost first and at most ten', () => {
  const deep = failure('let f = n: if n == 0 then throw "end" else 1 + f (n - 1); in { start = f 30; }');
  expect(deep.message).toContain('end\nat /project/composition.nix:1:27');
  expect(deep.frames).toHaveLength(10);
  const shallow = failure('let g = x: x.missing; in { start = toString (g { }); }');
  expect(shallow.frames.map(({ what }) => what)).toEqual([
    "while calling 'g'",
    "while calling the builtin 'toString'",
    "while evaluating the attribute 'start'",
  ]);
});

test('an error inside our own Nix code is shown at the code of the user that called it', () => {
  const evaluator = new Evaluator();
  const lib = evaluator.evaluate('{ second = list: builtins.elemAt list 1; }', { hidden: true });
  const own = new Evaluator({ scope: { lib } });
  const error = failure('{\n  x = lib.second [ 1 ];\n}', own);
  expect(error).toMatchObject({ file: '/project/composition.nix', line: 2, column: 7 });
  expect(error.frames.every(({ position }) => position?.file === '/project/composition.nix')).toBe(true);
});

test('infinite recursion is found at once, at the name that closes the circle', () => {
  const error = failure('rec {\n  a = b;\n  b = a + 1;\n}');
  expect(error).toMatchObject({ kind: 'infinite-recursion', line: 3, column: 7 });
});

test('a value that failed fails again in the same way', () => {
  const evaluator = new Evaluator();
  const value = evaluator.evaluate('let x = throw "first"; in [ x x ]');
  for (let i = 0; i < 2; i++) expect(() => evaluator.deepForce(value)).toThrow(/^first/);
});

test('a recursion without end is an error of the user and not of the engine', () => {
  expect(failure('let f = x: f (x + 1); in f 0').kind).toBe('budget');
  expect(failure('let f = x: 1 + f x; in f 0').kind).toBe('budget');
  expect(
    failure(
      'let l = builtins.genList (i: if i == 0 then 0 else 1 + builtins.elemAt l (i - 1)) 100000; in builtins.elemAt l 99999',
    ).kind,
  ).toBe('budget');
  const shallow = new Evaluator({ budget: { depth: 50 } });
  expect(failure('let f = x: 1 + f x; in f 0', shallow).message).toContain('more than 50 levels deep');
});

test('so is one that ends where JavaScript cannot even compile a regular expression', () => {
  const overflowing = primop('overflowing', 1, () => {
    throw new SyntaxError('Invalid regular expression: /a/: Maximum call stack size exceeded');
  });
  const evaluator = new Evaluator({ scope: { overflowing } });
  expect(failure('let f = x: overflowing x; in f 0', evaluator).kind).toBe('budget');
});

test('evaluation ends when its steps or its time are used up', () => {
  const loop = "builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: x) 1000000)";
  expect(failure(loop, new Evaluator({ budget: { steps: 5000 } })).message).toContain('more than 5000 steps');
  expect(failure(loop, new Evaluator({ budget: { milliseconds: 1 } })).message).toContain('longer than 1 ms');
});

test('each call from outside has the whole budget', () => {
  const evaluator = new Evaluator({ budget: { steps: 5000 } });
  const sum = evaluator.evaluate("n: builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: x) n)");
  for (let i = 0; i < 20; i++) expect(evaluator.call(sum, 1000n)).toBe(499500n);
});

test('an error that TypeScript code throws comes out as it is', () => {
  class OwnError extends NxcError {}
  const broken = primop('broken', 1, () => {
    throw new OwnError('not found on this host');
  });
  const evaluator = new Evaluator({ scope: { broken } });
  expect(() => evaluator.evaluate('let f = x: broken x; in f 1')).toThrow(OwnError);
});

test.each([
  ['<nixpkgs>', /no NIX_PATH/],
  ['builtins.fetchurl "http://x"', /needs Nix itself/],
  ['builtins.toFile "a" "b"', /Nix store/],
  ['import ./missing.nix', /there is no file \/project\/missing.nix/],
  ['9223372036854775807 + 1', /too big for an integer/],
  ['builtins.fromTOML "a = 9223372036854775808"', /too big for an integer/],
  ['builtins.readFile "relative"', /is not an absolute path/],
])('%s says why it cannot be', (text, message) => {
  expect(failure(text).message).toMatch(message);
});
