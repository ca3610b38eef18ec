import { describe, expect, it } from 'vitest';
import type { CodeCell, Notebook } from '../../kernel/runner/ipynb/notebook.js';
import { injectParameters, parseParameters } from '../../kernel/runner/parameters.js';

const cell = (id: string, source: string, tags: string[] = []): CodeCell => ({
  cell_type: 'code',
  id,
  source,
  metadata: { tags },
  execution_count: null,
  outputs: [],
});
const notebook = (cells: CodeCell[], language = 'typescript'): Notebook => ({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { kernelspec: { language } },
  cells,
});

describe('values of -p', () => {
  it('are numbers, booleans, JSON or text', () => {
    expect(
      parseParameters([
        'n=3',
        'x=-1.5e3',
        'on=true',
        'no=null',
        'list=[1,"a"]',
        'map={"a":{}}',
        's=plain text',
        'q="3"',
        'empty=',
        'eq=a=b',
      ]),
    ).toEqual({
      n: 3,
      x: -1500,
      on: true,
      no: null,
      list: [1, 'a'],
      map: { a: {} },
      s: 'plain text',
      q: '3',
      empty: '',
      eq: 'a=b',
    });
  });

  it('keep digits that a number would lose', () => {
    expect(parseParameters(['id=12345678901234567890', 'zip=01234', 'far=1e999'])).toEqual({
      id: '12345678901234567890',
      zip: '01234',
      far: '1e999',
    });
  });

  it('need a name that a variable can have', () => {
    expect(() => parseParameters(['clients'])).toThrow(/"clients" has no value/);
    expect(() => parseParameters(['a-b=1'])).toThrow(/"a-b" is not a valid name/);
    expect(() => parseParameters(['x;process.exit()=1'])).toThrow(/is not a valid name/);
  });
});

describe('the injected cell', () => {
  it('comes after the cell tagged parameters and declares with its keywords', async () => {
    const it = notebook([
      cell('a', 'intro'),
      cell('b', '%nxc status\nconst n = 1, m = 2;\nlet s: string = "x";', ['parameters']),
      cell('c', 'use'),
    ]);
    expect(await injectParameters(it, { n: 5, s: 'it\'s "quoted"\n', list: [1, { a: null }] })).toEqual([
      expect.stringContaining('does not declare "list"'),
    ]);
    expect(it.cells.map(({ id }) => id).indexOf('c')).toBe(3);
    expect(it.cells[2]).toMatchObject({
      source: '// Parameters\nconst n = 5;\nlet s = "it\'s \\"quoted\\"\\n";\nlet list = [1,{"a":null}];',
      metadata: { tags: ['injected-parameters'] },
    });
  });

  it('finds names that are taken out of objects and lists', async () => {
    const it = notebook([
      cell('a', 'var { b, c: { d = 1 }, ...rest } = options;\nlet [e] = list;', ['parameters']),
    ]);
    expect(await injectParameters(it, { b: 1, d: 2, rest: {}, e: 3 })).toEqual([]);
    expect(it.cells[1]!.source).toBe('// Parameters\nvar b = 1;\nvar d = 2;\nvar rest = {};\nlet e = 3;');
  });

  it('replaces the one of an earlier run', async () => {
    const it = notebook([
      cell('a', 'let n = 1', ['parameters']),
      cell('old', 'let n = 2', ['injected-parameters']),
    ]);
    await injectParameters(it, { n: 3 });
    expect(it.cells.map(({ source }) => source)).toEqual(['let n = 1', '// Parameters\nlet n = 3;']);
  });

  it('stands first where no cell is tagged', async () => {
    const it = notebook([cell('a', 'n')]);
    expect(await injectParameters(it, { n: 3 })).toEqual([]);
    expect(it.cells[0]!.source).toBe('// Parameters\nlet n = 3;');
  });

  it('suggests the name that was meant', async () => {
    const it = notebook([cell('a', 'const clients = 1', ['parameters'])]);
    expect(await injectParameters(it, { client: 3 })).toEqual([
      expect.stringContaining('did you mean clients?'),
    ]);
  });

  it('is Python in a Python notebook, and refused in a language that is not known', async () => {
    const python = notebook([cell('a', 'n = 1', ['parameters'])], 'python');
    await injectParameters(python, { n: null, on: true, map: { a: [false, 'x'] } });
    expect(python.cells[1]!.source).toBe('# Parameters\nn = None\non = True\nmap = {"a": [False, "x"]}');
    await expect(injectParameters(notebook([], 'R'), { n: 1 })).rejects.toThrow(/notebook in r/);
  });
});
