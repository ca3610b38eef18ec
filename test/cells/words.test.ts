import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpolatedBody, interpolatedWords } from '../../kernel/cells/interpolate.js';
import { MagicError, plainWord, splitWords } from '../../kernel/cells/words.js';

const words = (line: string) => splitWords(line).map(plainWord);
const values: Record<string, string> = {
  folder: '/tmp/two words',
  'rate * 2': '6',
  rate: '3',
  'load[0].node': 'a',
};
const lookup = async (expression: string) => {
  const text = values[expression.trim()];
  return text === undefined ? { problem: `ReferenceError: ${expression} is not defined` } : { text };
};

describe('words of a magic', () => {
  it('are quoted as in a shell', () => {
    expect(words(`a 'b c' "d \\" e" f\\ g ''`)).toEqual(['a', 'b c', 'd " e', 'f g', '']);
    expect(words(`--metric 'x=([\\d.]+) {ms}'`)).toEqual(['--metric', 'x=([\\d.]+) {ms}']);
  });

  it('with an open quote are an error, except while they are being written', () => {
    expect(() => splitWords(`a 'b`)).toThrow(MagicError);
    expect(splitWords(`a 'b`, { lenient: true }).map(plainWord)).toEqual(['a', 'b']);
  });

  it('hold whatever was quoted in them', () => {
    const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
    fc.assert(
      fc.property(fc.array(fc.string()), texts => {
        expect(words(texts.map(quote).join(' '))).toEqual(texts);
      }),
    );
  });

  it('get the values of expressions in braces, as one word even with blanks', async () => {
    expect(await interpolatedWords('cd {folder} -p n={rate * 2}', lookup)).toEqual([
      'cd',
      '/tmp/two words',
      '-p',
      'n=6',
    ]);
  });

  it('keep braces that are quoted, empty, or JSON', async () => {
    expect(await interpolatedWords(`'{a,b}' {} '{rate}' -p x={"a":1}`, lookup)).toEqual([
      '{a,b}',
      '{}',
      '{rate}',
      '-p',
      'x={"a":1}',
    ]);
  });

  it('are an error that points to an expression without a value', async () => {
    await expect(interpolatedWords('start -r client={rte}', lookup)).rejects.toThrow(
      [
        '{rte} has no value that could stand in this line',
        'found: ReferenceError: rte is not defined',
        '  start -r client={rte}',
        '                  ^^^^^',
      ].join('\n'),
    );
  });
});

describe('the body of a cell magic', () => {
  it('gets the values of variables and leaves the syntax of other languages alone', async () => {
    const body = 'load {rate} on {load[0].node}; ${rate} {print} { rate } {{rate}} {a,b} \\{rate}';
    expect(await interpolatedBody(body, lookup)).toBe(
      'load 3 on a; ${rate} {print} { rate } {{rate}} {a,b} \\{rate}',
    );
  });
});
