import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { argumentAt } from '../../../src/driver/completion/argument.js';

const at = (code: string) => argumentAt(code, code.length);
const inPython = (code: string) => argumentAt(code, code.length, 'python');

describe('the argument that is being written', () => {
  test.each([
    ['server.waitForUnit("ngi', 'server', 0, 'ngi'],
    ["await server.waitForUnit('", 'server', 0, ''],
    ['server.waitForUnit(`web', 'server', 0, 'web'],
    ['const a = 1; server?.waitForUnit( "a b', 'server', 0, 'a b'],
    ['nodes.byRole("client").waitForUnit("', 'nodes.byRole("client")', 0, ''],
    ["machines['client-1'].waitForUnit('x", "machines['client-1']", 0, 'x'],
    ['nodes\n  .slice(1, f(")"))\n  .waitForUnit("', 'nodes\n  .slice(1, f(")"))', 0, ''],
    ['Promise.all([a.waitForUnit("x"), b.waitForUnit("', 'b', 0, ''],
    ['nodes.map(n => n.waitForUnit("', 'n', 0, ''],
    ['x(`${a.waitForUnit("', 'a', 0, ''],
    ["// don't (\nserver.waitForUnit('", 'server', 0, ''],
    ['server.waitForUnit("(", f(1, 2), "', 'server', 2, ''],
    ['server.waitForUnit("a", { timeout: 3, user: "al', 'server', 'user', 'al'],
  ])('%s', (code, receiver, argument, text) => {
    expect(at(code)).toEqual({ receiver, method: 'waitForUnit', argument, text });
  });

  test.each([
    ['server.wait_for_unit("ngi', 'server', 0, 'ngi'],
    ["server.wait_for_unit(unit='ngi", 'server', 'unit', 'ngi'],
    ["server.wait_for_unit(timeout=3, unit=f'ngi", 'server', 'unit', 'ngi'],
    ["# it's (\nmachines[0].wait_for_unit('", 'machines[0]', 0, ''],
    ['machines.by_role("client").wait_for_unit("""', 'machines.by_role("client")', 0, ''],
    ['print("a)")\nfor m in machines:\n    m.wait_for_unit("', 'm', 0, ''],
  ])('in Python: %s', (code, receiver, argument, text) => {
    expect(inPython(code)).toEqual({ receiver, method: 'wait_for_unit', argument, text });
  });

  test.each([
    '',
    'server.waitForUnit(',
    'server.waitForUnit("a")',
    'server.waitForUnit("a" + "',
    'server.waitForUnit(["',
    'waitForUnit("',
    '"server.waitForUnit(',
    '// server.waitForUnit("',
    'server.waitForUnit(/"',
    'server.waitForUnit(`${1} a',
    'if (server) { "',
    'server.waitForUnit("a"); "',
  ])('is none: %s', code => {
    expect(at(code)).toBeUndefined();
  });

  it('is found whatever stands before it', () => {
    const word = fc.stringMatching(/^[\w.@-]*$/);
    fc.assert(
      fc.property(fc.array(fc.string()), word, (before, text) => {
        const lines = before.map(
          line => `const x = ${JSON.stringify(line)}; f(x) // ${JSON.stringify(line)}\n`,
        );
        const code = `${lines.join('')}server.waitForUnit("${text}`;
        expect(at(code)).toEqual({ receiver: 'server', method: 'waitForUnit', argument: 0, text });
      }),
    );
  });

  it('breaks on no code', () => {
    const code = fc
      .array(fc.constantFrom(...'ab.()[]{}"\'`$,:=# \n/\\'.split(''), '${', '"""'))
      .map(parts => parts.join(''));
    fc.assert(
      fc.property(code, text => {
        at(text);
        inPython(text);
      }),
    );
  });
});
