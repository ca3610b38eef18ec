import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpolatedScript, interpolatedWords } from '../../kernel/cells/interpolate.js';
import { shellStretches } from '../../kernel/cells/shell-text.js';
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

  it('end at a # that begins a word, not at one that is quoted or within a word', () => {
    expect(words('stop # done')).toEqual(['stop']);
    expect(words("# it's over")).toEqual([]);
    expect(words(`a#b '#' "# c" \\# d={'#'} #e {f}`)).toEqual(['a#b', '#', '# c', '#', "d={'#'}"]);
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

describe('a script in the body of a cell magic', () => {
  const filled = (script: string) => interpolatedScript(script, lookup);

  it('gets the values of variables and leaves the syntax of the shell alone', async () => {
    const script = 'load {rate} on "{load[0].node}"; ${rate} {print} { rate } {{rate}} {a,b} \\\\{rate}';
    expect(await filled(script)).toBe('load 3 on "a"; ${rate} {print} { rate } {{rate}} {a,b} \\\\3');
  });

  it('keeps what is in single quotes, and braces behind a backslash', async () => {
    expect(await filled(`awk '{rate}' "{rate}" '{rate}'{rate} $'\\'{rate}' \\{rate} "\\{rate}"`)).toBe(
      `awk '{rate}' "3" '{rate}'3 $'\\'{rate}' {rate} "{rate}"`,
    );
  });

  it.each([
    ['an apostrophe in double quotes', `echo "it's" {rate}`, `echo "it's" 3`],
    ['an apostrophe behind a backslash', `echo it\\'s {rate}`, `echo it\\'s 3`],
    ['an apostrophe in a comment', `true # don't\necho {rate}`, `true # don't\necho 3`],
    ['no comment within a word', `echo a#'{rate}' {rate}`, `echo a#'{rate}' 3`],
    ['a command in double quotes', `echo "$(awk '{rate}') {rate}"`, `echo "$(awk '{rate}') 3"`],
    ['a heredoc', `cat <<EOF\nit's {rate}\nEOF\necho '{rate}'`, `cat <<EOF\nit's 3\nEOF\necho '{rate}'`],
    [
      'a heredoc that is quoted',
      `cat <<-'A B' | tee\n{rate}\n\tA B\necho {rate}`,
      `cat <<-'A B' | tee\n{rate}\n\tA B\necho 3`,
    ],
    ['a shift', `echo $((1<<2))\necho '{rate}'`, `echo $((1<<2))\necho '{rate}'`],
    ['a quote that is never closed', `echo '{rate}`, `echo '{rate}`],
  ])('knows %s', async (_, script, result) => {
    expect(await filled(script)).toBe(result);
  });

  it('loses no character of any script', () => {
    const piece = fc.constantFrom(...`'"\\$(){}#<-\n ab`, '<<', '$(', "$'", "'E'", 'E\n');
    fc.assert(
      fc.property(fc.array(piece), pieces => {
        const script = pieces.join('');
        expect(
          shellStretches(script)
            .map(({ text }) => text)
            .join(''),
        ).toBe(script);
      }),
    );
  });
});
