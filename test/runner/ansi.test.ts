import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ansiToHtml, settle, stripAnsi } from '../../kernel/runner/report/ansi.js';
import { splitLines } from '../../kernel/runner/report/html.js';

describe('terminal output in a report', () => {
  it('keeps colours and weights', () => {
    expect(ansiToHtml('\x1b[1;31mbad\x1b[0m \x1b[92mfine\x1b[39m plain')).toBe(
      '<span class="ansi-bold ansi-fg-1">bad</span> <span class="ansi-fg-10">fine</span> plain',
    );
    expect(ansiToHtml('\x1b[38;2;1;2;300mx\x1b[48;5;196my')).toBe(
      '<span style="color:rgb(1,2,255)">x</span><span style="color:rgb(1,2,255);background-color:rgb(255,0,0)">y</span>',
    );
  });

  it('shows a progress bar as it stood at the end', () => {
    expect(settle('10 %\r50 %\r100 %\nnext')).toBe('100 %\nnext');
    expect(settle('abc\rX')).toBe('Xbc');
    expect(settle('abc\r\x1b[KX')).toBe('X');
    expect(settle('abc\b\bX')).toBe('aXc');
    expect(settle('windows\r\nlines\r\n')).toBe('windows\nlines\n');
  });

  it('drops links, titles, cursor movements and control characters', () => {
    expect(ansiToHtml('a\x1b]8;;http://x\x07b\x1b]8;;\x07\x1b[2J\x1b[3;4Hc\x00\x1b(Bd')).toMatch(/^abc.?d$/);
    expect(stripAnsi('\x1b[31mred\x1b[0m')).toBe('red');
  });

  it('lets no text become markup, whatever the text is', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string(),
            fc.constantFrom('\x1b[', '31m', '\r', '\b', '<b>', '&', '"', ';', '38;5;', '\n'),
          ),
        ),
        parts => {
          const html = ansiToHtml(parts.join(''));
          const rest = html.replace(/<span(?: class="[\w -]+")?(?: style="[\w:(),.; -]+")?>|<\/span>/g, '');
          expect(rest).not.toMatch(/[<>"']/);
          for (const line of splitLines(html)) {
            expect(line.match(/<span/g)?.length ?? 0).toBe(line.match(/<\/span>/g)?.length ?? 0);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
