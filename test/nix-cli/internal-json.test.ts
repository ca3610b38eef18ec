import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLogLine } from '../../src/nix-cli/internal-json.js';

const line = (record: object) => `@nix ${JSON.stringify(record)}`;

describe("a line of Nix's log", () => {
  it('keeps apart ids that a number cannot', () => {
    const ids = ['9007203549708288', '9007203549708289'].map(
      id =>
        parseLogLine(`@nix {"action":"start","id":${id},"level":3,"parent":${id},"text":"","type":105}`) as {
          id: string;
          parent: string;
        },
    );
    expect(ids.map(({ id }) => id)).toEqual(['9007203549708288', '9007203549708289']);
    expect(ids[1]!.parent).toBe('9007203549708289');
  });

  it('reads any id below 2^64, with whatever text beside it', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.string(), (id, text) => {
        const record = line({ action: 'start', id: 0, type: 0, text, fields: [text] }).replace(
          '"id":0',
          `"id":${id}`,
        );
        expect(parseLogLine(record)).toMatchObject({ id: String(id), fields: [text] });
      }),
    );
  });

  it('leaves numbers inside of texts alone', () => {
    const text = 'see {"id": 12, "parent":3}';
    expect(parseLogLine(line({ action: 'result', id: 1, type: 101, fields: [text] }))).toMatchObject({
      fields: [text],
    });
  });

  it('never throws and loses no text, whatever came', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json().map(json => `@nix ${json}`),
      fc.string().map(text => `@nix ${text}`),
    );
    fc.assert(
      fc.property(anything, text => {
        expect(['start', 'stop', 'result', 'message', 'text']).toContain(parseLogLine(text).action);
      }),
    );
    expect(parseLogLine('@nix {"action":"start","id":')).toMatchObject({ action: 'text' });
    expect(parseLogLine('plain words')).toEqual({ action: 'text', text: 'plain words' });
  });

  it('hands no control characters on to the terminal', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.nat(0x2ff).map(code => String.fromCharCode(code)) }), text => {
        const said = parseLogLine(
          line({ action: 'msg', level: 0, msg: `\u001b[31;1merror:\u001b[0m ${text}` }),
        );
        expect((said as { text: string }).text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
      }),
    );
  });

  it('tells where an error is', () => {
    const record = { action: 'msg', level: 0, msg: 'error: no', file: '/a.nix', line: 3, column: 4 };
    expect(parseLogLine(line(record))).toEqual({
      action: 'message',
      level: 0,
      text: 'error: no',
      file: '/a.nix',
      line: 3,
      column: 4,
    });
    expect(parseLogLine(line({ ...record, file: null, line: null, column: null }))).toEqual({
      action: 'message',
      level: 0,
      text: 'error: no',
    });
  });
});
