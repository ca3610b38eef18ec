import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatJson, parseJson } from '../../kernel/runner/ipynb/json.js';
import type { JsonFaultError } from '../../kernel/runner/ipynb/json-fault.js';
import type { CodeCell } from '../../kernel/runner/ipynb/notebook.js';
import { parseNotebook, readNotebook } from '../../kernel/runner/ipynb/read.js';
import { formatNotebook, writeNotebook } from '../../kernel/runner/ipynb/write.js';

const parse = (value: unknown) => parseNotebook(JSON.stringify(value), 'a.ipynb');
const faultOf = (text: string): JsonFaultError | undefined => {
  try {
    parseJson(text);
    return undefined;
  } catch (error) {
    return error as JsonFaultError;
  }
};
const code = (fields: object) => ({ cell_type: 'code', metadata: {}, source: '', outputs: [], ...fields });

describe('reading a notebook', () => {
  it('joins lines, gives cells of old formats ids and keeps JSON data as it is', () => {
    const notebook = parse({
      nbformat: 4,
      nbformat_minor: 0,
      metadata: { kept: true },
      cells: [
        { cell_type: 'markdown', metadata: {}, source: ['# a\n', 'b'] },
        code({
          source: ['1\n', '2'],
          execution_count: 3,
          outputs: [
            { output_type: 'stream', name: 'stderr', text: ['x\n', 'y'] },
            {
              output_type: 'display_data',
              data: { 'text/plain': ['p', 'q'], 'application/json': ['a', 'b'] },
              metadata: {},
            },
          ],
        }),
      ],
    });
    const [text, cell] = notebook.cells as [CodeCell, CodeCell];
    expect(text).toMatchObject({ source: '# a\nb', id: expect.stringMatching(/^[\w-]+$/) });
    expect(cell).toMatchObject({
      source: '1\n2',
      execution_count: 3,
      outputs: [{ text: 'x\ny' }, { data: { 'text/plain': 'pq', 'application/json': ['a', 'b'] } }],
    });
    expect(text.id).not.toBe(cell.id);
    expect(notebook.metadata).toEqual({ kept: true });
  });

  it('replaces ids that are broken or used twice', () => {
    const { cells } = parse({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: {},
      cells: [code({ id: 'same' }), code({ id: 'same' }), code({ id: 'not valid!' })],
    });
    expect(cells[0]!.id).toBe('same');
    expect(new Set(cells.map(cell => cell.id)).size).toBe(3);
    for (const cell of cells) expect(cell.id).toMatch(/^[\w-]{1,64}$/);
  });

  it('names line and column of broken JSON', () => {
    expect(() => parseNotebook('{\n "cells": [\n  {,}\n ]\n}', 'broken.ipynb')).toThrow(
      /broken\.ipynb.*line 3, column 4\n.*","/,
    );
    expect(() => parseNotebook('{"cells": [', 'short.ipynb')).toThrow(
      /line 1, column 12\n.*the end of the file/,
    );
    expect(() => parseNotebook('{\n<<<<<<< HEAD\n}', 'merge.ipynb')).toThrow(
      /line 2, column 1[\s\S]*merge conflict/,
    );
  });

  it('says what is wrong with a file that is JSON but no notebook', () => {
    expect(() => parse([1])).toThrow(/must be a JSON object\nfound: \[1\]/);
    expect(() => parse({ name: 'package' })).toThrow(/must be a notebook/);
    expect(() => parse({ nbformat: 3, worksheets: [] })).toThrow(/format 3[\s\S]*--nbformat 4/);
    expect(() => parse({ nbformat: 5, cells: [] })).toThrow(/format 5/);
    expect(() => parse({ nbformat: 4, cells: [code({}), code({ source: 7 })] })).toThrow(
      /source of cell 2 must be a string/,
    );
    expect(() => parse({ nbformat: 4, cells: [{ cell_type: 'heading', source: '' }] })).toThrow(
      /cell_type of cell 1/,
    );
    expect(() => parse({ nbformat: 4, cells: [code({ outputs: [{ output_type: 'pyout' }] })] })).toThrow(
      /output_type of output 1 of cell 1/,
    );
  });

  it('finds the fault of every text that JSON.parse refuses, and none in the others', () => {
    const almostJson = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', '[', '\\', '\n', 'x', ' '))
      .map(
        ([json, at, piece]) =>
          json.slice(0, at % (json.length + 1)) + piece + json.slice((at % (json.length + 1)) + (at % 2)),
      );
    fc.assert(
      fc.property(fc.oneof(almostJson, fc.string()), text => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect(faultOf(text) === undefined).toBe(valid);
      }),
      { numRuns: 3000 },
    );
  });

  it('survives a file that nests deeper than the stack', () => {
    expect(faultOf('['.repeat(500_000))).toMatchObject({ offset: 500_000 });
  });
});

describe('JSON', () => {
  it('has the values that JSON.parse gives, and comes back as the same text', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), text => {
        const value = parseJson(text);
        expect(JSON.parse(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(JSON.parse(text))));
        expect(JSON.parse(formatJson(value, { indent: ' ' }))).toEqual(JSON.parse(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps every number as it was written, in any place', () => {
    const number = fc
      .tuple(
        fc.constantFrom('', '-'),
        fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 40n }).map(String), fc.constantFrom('0', '1')),
        fc.oneof(fc.constant(''), fc.stringMatching(/^\.\d{1,25}$/)),
        fc.oneof(fc.constant(''), fc.stringMatching(/^[eE][+-]?\d{1,3}$/)),
      )
      .map(parts => parts.join(''));
    fc.assert(
      fc.property(fc.array(number), numbers => {
        const text = `{"a":[${numbers.join(',')}],"b":{"c":${numbers[0] ?? 0}}}`;
        expect(formatJson(parseJson(text))).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps names that objects have of their own', () => {
    const text = '{"__proto__":{"x":1},"constructor":2,"":3}';
    expect(formatJson(parseJson(text))).toBe(text);
    expect(({} as { x?: number }).x).toBeUndefined();
  });
});

describe('writing a notebook', () => {
  it('passes through what it does not know, and numbers that JavaScript would write otherwise', () => {
    const number = '123456789012345678901234567890';
    const text = `{
 "cells": [
  {
   "attachments": {},
   "cell_type": "markdown",
   "id": "m",
   "metadata": {
    "weight": 1.0
   },
   "source": "one\\ntwo"
  },
  {
   "cell_type": "code",
   "custom": ${number},
   "execution_count": 3,
   "id": "c",
   "metadata": {},
   "outputs": [
    {
     "data": {
      "application/json": {
       "big": ${number},
       "far": 1e400,
       "one": 1.0,
       "zero": -0
      },
      "text/plain": "x\\ny"
     },
     "metadata": {},
     "output_type": "display_data",
     "transient": {}
    }
   ],
   "source": [
    "a\\n",
    "b"
   ]
  }
 ],
 "metadata": {
  "half": 0.50
 },
 "nbformat": 4,
 "nbformat_minor": 5,
 "ours": [
  1.0
 ]
}
`;
    expect(formatNotebook(parseNotebook(text, 'a.ipynb'))).toBe(text);
  });

  it('keeps the order of keys that were not sorted', () => {
    const text = '{"nbformat":4,"nbformat_minor":5,"metadata":{"z":1,"a":2},"cells":[]}';
    expect(Object.keys(JSON.parse(formatNotebook(parseNotebook(text, 'a.ipynb'))))).toEqual(
      Object.keys(JSON.parse(text)),
    );
  });

  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nxc-notebook-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('writes nbformat 4.5, new text as lists of lines, and reads back what it wrote', async () => {
    const notebook = parse({
      nbformat: 4,
      nbformat_minor: 2,
      metadata: {},
      cells: [
        code({
          source: 'a\nb',
          outputs: [
            {
              output_type: 'display_data',
              data: {
                'text/html': 'x\ny',
                'image/png': 'AAAA',
                'application/vnd.vegalite.v5+json': { b: 1, a: ['1', '2'] },
              },
              metadata: {},
            },
          ],
        }),
      ],
    });
    // A copy was read from no file: all of it is new.
    notebook.cells = structuredClone(notebook.cells);
    const file = join(folder, 'deep', 'er', 'out.ipynb');
    await writeNotebook(file, notebook);
    const raw = JSON.parse(await readFile(file, 'utf8'));
    expect(raw).toMatchObject({
      nbformat: 4,
      nbformat_minor: 5,
      cells: [
        { source: ['a\n', 'b'], outputs: [{ data: { 'text/html': ['x\n', 'y'], 'image/png': 'AAAA' } }] },
      ],
    });
    expect((await readNotebook(file)).cells).toEqual(notebook.cells);
    expect(formatNotebook(await readNotebook(file))).toBe(await readFile(file, 'utf8'));
  });

  it('leaves the old file and nothing else when it cannot be written', async () => {
    const file = join(folder, 'file');
    await writeFile(file, 'old');
    const notebook = parse({ nbformat: 4, metadata: {}, cells: [] });
    for (const place of [join(file, 'out.ipynb'), folder]) {
      const error = await writeNotebook(place, notebook).catch((error: Error) => error);
      const [, kept] = /cannot write [\s\S]*was kept as (\S+)$/.exec(String(error))!;
      expect(await readFile(kept!, 'utf8')).toBe(formatNotebook(notebook));
      await rm(dirname(kept!), { recursive: true });
    }
    expect(await readdir(folder)).toEqual(['file']);
    expect(await readFile(file, 'utf8')).toBe('old');
  });

  it('names the file that does not exist', async () => {
    await expect(readNotebook(join(folder, 'none.ipynb'))).rejects.toThrow(
      /none\.ipynb\nfound: no such file/,
    );
    await expect(readNotebook(folder)).rejects.toThrow(/found: a folder/);
  });
});
