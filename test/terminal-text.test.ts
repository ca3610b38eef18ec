import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NxcError } from '../src/errors.js';
import { TerminalText, terminalText } from '../src/terminal-text.js';

const pieces = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    ...[
      '\x1b',
      '\x9b',
      '\x9d',
      '\x90',
      '\x1b]',
      '\x1bP',
      '\x1b_',
      '\x1b^',
      '\x1bX',
      '\x1b[',
      '\x1b\\',
      '\x07',
      '\x9c',
    ],
    ...[
      '0;title',
      '52;c;',
      '6n',
      '31m',
      '2J',
      'H',
      '?1049h',
      '\r',
      '\n',
      '\b',
      '\t',
      '\x18',
      '\x05',
      '\x0e',
      '\x7f',
    ],
  ),
);
const hostile = fc.array(pieces, { maxLength: 40 }).map(list => list.join(''));
/** All that may be left. */
const allowed = /^(?:[^\x00-\x08\x0b-\x1f\x7f-\x9f]|\r|\x08|\x1b\[[\d;:]*m|\x1b\[K)*$/u;

describe('text of others for a terminal', () => {
  it.each([
    ['colours', '\x1b[1;38;5;200mred\x1b[0m plain\x1b[m'],
    ['tabs and ends of lines', 'a\tb\r\nc\rd\n'],
    ['text of every script', 'naïve 日本 🧑‍🔬 עברית'],
    ['overstrikes', 'b\bbo\bol\bld\bd'],
    ['a line that is written again', '10 %\r\x1b[K20 %'],
  ])('keeps %s', (_, text) => expect(terminalText(text)).toBe(text));

  it.each([
    ['the title', 'a\x1b]0;owned\x07b', 'ab'],
    ['the title, ended by ST', 'a\x1b]2;owned\x1b\\b', 'ab'],
    ['the clipboard', 'a\x1b]52;c;ZWNobyBvd25lZAo=\x07b', 'ab'],
    ['a hyperlink, but not its text', '\x1b]8;;http://evil/\x1b\\text\x1b]8;;\x1b\\', 'text'],
    [
      'questions that the terminal would answer',
      'a\x1b[6n\x1b[c\x1b[>c\x1b[5n\x1bZ\x05\x1b[?1$p\x1b[21tb',
      'ab',
    ],
    ['control strings', 'a\x1bP$q"p\x1b\\\x1b_x\x1b\\\x1b^y\x1b\\\x1bXz\x1b\\b', 'ab'],
    ['one character for a sequence', 'a\x9b2Jb\x9d0;t\x9cc\x90q\x9cd\x85\x84', 'abcd'],
    [
      'movements over other lines',
      'a\x1b[5A\x1b[1;1H\x1b[2J\x1b[3J\x1bM\x1bD\x1b[s\x1b[u\x1b7\x1b8\x1b[10Sb',
      'ab',
    ],
    [
      'modes and screens',
      'a\x1b[?1049h\x1b[?25l\x1b[?1000h\x1b[?2004h\x1b[4h\x1b[!p\x1bc\x1b[>4;2m\x1b=b',
      'ab',
    ],
    ['character sets', 'a\x1b(0\x0eb\x0f\x1b%Gc', 'abc'],
    ['bells and characters without a form', 'a\x07\x00\x7fb', 'ab'],
    ['backspaces before the line', 'ab\b\b\b\b\bc\n\b\bd', 'ab\b\bc\nd'],
    ['a sequence in another', 'a\x1b[\x1b[31;\x1b]0;t\x07mb', 'amb'],
  ])('leaves out %s', (_, text, expected) => expect(terminalText(text)).toBe(expected));

  it('has no more to hide than a line by a control string without end', () => {
    expect(terminalText('a\x1b]0;title\nb\x1bPx\nc')).toBe('a\nb\nc');
  });

  it('turns the first column and the erased line into what stays in the line', () => {
    expect(terminalText('10 %\x1b[1G\x1b[0K20 %\x1b[2K30 %')).toBe('10 %\r\x1b[K20 %\r\x1b[K30 %');
  });

  it('gives a terminal nothing else, whatever the text, and the same wherever it is cut', () => {
    fc.assert(
      fc.property(hostile, fc.infiniteStream(fc.nat(7)), (text, cuts) => {
        const whole = terminalText(text);
        expect(whole).toMatch(allowed);
        expect(terminalText(whole)).toBe(whole);
        const stream = new TerminalText();
        let parts = '';
        for (let at = 0; at < text.length; ) {
          let end = at + 1 + cuts.next().value!;
          // A decoder never cuts a character.
          if (/[\ud800-\udbff]/.test(text[end - 1] ?? '')) end++;
          parts += stream.push(text.slice(at, end));
          at = end;
        }
        expect(parts).toBe(whole);
      }),
      { numRuns: 500 },
    );
  });

  it('takes text without any end of a line or a sequence', () => {
    for (const unit of ['\x1b', '\x1b[', '\x1b[1', '\x1b]0;x', '\x9b;', '\b', '\r', '1', '\x1bP\x1b', 'é́']) {
      expect(terminalText(`\x1b[${unit.repeat(300_000)}`).length).toBeLessThanOrEqual(900_000);
    }
  });

  it('ends colours with the text', () => {
    const text = new TerminalText();
    text.push('\x1b[8mhidden');
    expect(text.end()).toBe('\x1b[0m');
    text.push('\x1b[31mred\x1b[0m');
    expect(text.end()).toBe('');
  });

  it('is all that errors quote', () => {
    expect(new NxcError({ asked: 'failed', found: 'x\x1b]0;owned\x07y' }).message).toBe('failed\nfound: xy');
  });
});
