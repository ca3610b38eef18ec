import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blankMagics, cellMagic, magicLineAt, splitPieces } from '../../kernel/cells/split.js';

const isMagic = (name: string) => ['nxc', 'cd', 'time'].includes(name);
const split = (code: string) =>
  splitPieces(code, isMagic).map(piece =>
    piece.kind === 'typescript' ? `${piece.firstLine}: ${piece.code}` : `${piece.line}% ${piece.text}`,
  );

describe('a cell is split into TypeScript and line magics', () => {
  it('keeps the order and the line numbers', () => {
    expect(split('const a = 1;\n%cd /tmp\n\nconst b = 2;\n%nxc build')).toEqual([
      '0: const a = 1;',
      '1% %cd /tmp',
      '2: \nconst b = 2;',
      '4% %nxc build',
    ]);
  });

  it('takes a % line after a statement without semicolon when it names a magic', () => {
    expect(split('const folder = await make()\n%cd {folder}')).toEqual([
      '0: const folder = await make()',
      '1% %cd {folder}',
    ]);
  });

  it.each([
    ['the remainder on a line of its own', 'const x = a\n  % b'],
    ['the remainder by a variable that is no magic', 'const x = a\n%b'],
    ['text in a template literal', 'const t = `\n%cd /tmp\n${`\n%cd\n`}\n%nxc stop`;'],
    ['a comment', '/*\n%cd /tmp\n*/'],
    ['an argument list', 'f(\n  a\n%cd\n)'],
    ['an object', 'const o = {\n%cd\n}'],
    ['an unfinished expression', 'const x = a +\n%cd'],
    ['an arrow function that goes on', 'const f = () =>\n%cd'],
  ])('leaves %s alone', (_, code) => {
    expect(split(code)).toEqual([`0: ${code}`]);
  });

  it.each([
    ['a regular expression with quotes and brackets', 'const r = /["\'`({[]/;\n%cd /'],
    ['a division', 'const q = a / b / c;\n%cd /'],
    ['a bracket in a string', 'const s = "(";\n%cd /'],
    ['an apostrophe in a comment', "// don't (\n%cd /"],
    ['a regular expression after return', 'function f() { return /`/; }\n%cd /'],
    ['a generic type', 'type A = Array<string>\n%cd /'],
    ['an escaped backquote', 'const t = `\\``;\n%cd /'],
  ])('is not misled by %s', (_, code) => {
    expect(split(code).at(-1)).toBe('1% %cd /');
  });

  it('takes an unknown name after a finished statement, so that it can be called unknown', () => {
    expect(split('const a = 1;\n%cdd /tmp')).toEqual(['0: const a = 1;', '1% %cdd /tmp']);
  });

  it('says which cell magic is not on the first line', () => {
    expect(splitPieces('const a = 1;\n%%node foo', isMagic)[1]).toMatchObject({ kind: 'misplaced', line: 1 });
  });

  it('gives back every line of TypeScript at its place, whatever the cell holds', () => {
    const line = fc.oneof(
      fc.constantFrom('%cd /', '%nxc start', 'const a = 1;', 'f(', ')', '`', '${', '}', '/*', '*/', '% b'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), lines => {
        const code = lines.join('\n').replaceAll('\r', '');
        const source = code.split('\n');
        for (const piece of splitPieces(code, isMagic)) {
          if (piece.kind !== 'typescript') expect(source[piece.line]!.trim()).toBe(piece.text);
          else {
            const end = piece.firstLine + piece.code.split('\n').length;
            expect(source.slice(piece.firstLine, end).join('\n')).toBe(piece.code);
          }
        }
        expect(blankMagics(code, isMagic)).toHaveLength(code.length);
      }),
    );
  });
});

describe('a cell magic', () => {
  it('is the first line that is not blank', () => {
    expect(cellMagic('\n%%node foo --var x\ncd /\nls')).toEqual({
      magic: 'node',
      rest: 'foo --var x',
      body: 'cd /\nls',
      bodyLine: 2,
    });
    expect(cellMagic('1;\n%%node foo')).toBeUndefined();
    expect(cellMagic('%%lsmagic')).toMatchObject({ magic: 'lsmagic', body: '' });
  });
});

describe('the magic at the cursor', () => {
  it('is found while its name is being written', () => {
    expect(magicLineAt('%n', 2, isMagic)).toMatchObject({ sign: '%', name: 'n' });
    expect(magicLineAt('a();\n%', 6, isMagic)).toMatchObject({ sign: '%', name: '' });
  });

  it('knows where its words begin', () => {
    const code = 'a();\n%nxc build -f lo';
    expect(magicLineAt(code, code.length, isMagic)).toMatchObject({
      text: 'build -f lo',
      textStart: 10,
      cursor: 11,
    });
  });

  it('is none within an expression', () => {
    expect(magicLineAt('f(\n%nxc', 7, isMagic)).toBeUndefined();
  });
});
