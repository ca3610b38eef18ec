import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { formatJson } from '../../kernel/runner/ipynb/json.js';
import type { CodeCell, Notebook } from '../../kernel/runner/ipynb/notebook.js';
import { parseParameters, readParametersFile } from '../../kernel/runner/parameters/given.js';
import { injectParameters } from '../../kernel/runner/parameters/index.js';
import { jsonOf } from '../../kernel/runner/parameters/literal.js';

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

/** The lines that `-p` injects behind a cell with this declaration, without the comment on top. */
async function injected(declaration: string, words: string[], language = 'typescript'): Promise<string> {
  const it = notebook([cell('p', declaration, ['parameters'])], language);
  await injectParameters(it, parseParameters(words));
  return it.cells[1]!.source.split('\n').slice(1).join('\n');
}

describe('values of -p', () => {
  it.each([
    ['let v', 'True', 'let v = true;'],
    ['let v', 'False', 'let v = false;'],
    ['let v', 'true', 'let v = true;'],
    ['let v', 'None', 'let v = null;'],
    ['let v', 'nan', 'let v = NaN;'],
    ['let v', 'inf', 'let v = Infinity;'],
    ['let v', '-inf', 'let v = -Infinity;'],
    ['let v', '-Infinity', 'let v = -Infinity;'],
    ['let v', '3', 'let v = 3;'],
    ['let v', '-0', 'let v = -0;'],
    ['let v', '1e3', 'let v = 1e3;'],
    ['let v', '1.0', 'let v = 1.0;'],
    ['let v', 'plain text', 'let v = "plain text";'],
    ['let v', '"3"', 'let v = "3";'],
    ['let v', '', 'let v = "";'],
    ['let v', 'a=b', 'let v = "a=b";'],
    ['let v', '[1,"a",{"b":null}]', 'let v = [1,"a",{"b":null}];'],
    ['let v', '01234', 'let v = "01234";'],
    ['let v', '123456789012345678901', 'let v = 123456789012345678901n;'],
  ])('are what papermill reads where nothing is declared: %s = %s', async (declaration, text, line) => {
    expect(await injected(declaration, [`v=${text}`])).toBe(line);
  });

  it.each([
    ['let full: boolean = true', 'False', 'let full = false;'],
    ['const full = false', 'True', 'const full = true;'],
    ['let n = 3', '1e3', 'let n = 1e3;'],
    ['let n = -3', 'nan', 'let n = NaN;'],
    ['let n: number', '007', 'let n = 7;'],
    ['let n: number', '1_000', 'let n = 1000;'],
    ['let n: number', '+.5', 'let n = 0.5;'],
    ['let id = 5n', '12345678901234567890', 'let id = 12345678901234567890n;'],
    ['let id: bigint', '7', 'let id = 7n;'],
    ["let release = '24.05'", '24.10', 'let release = "24.10";'],
    ["let release = '24.05'", '"24.10"', 'let release = "24.10";'],
    ['let name: string', 'True', 'let name = "True";'],
    ['let name: string | null = null', 'None', 'let name = null;'],
    ["let mode: 'fast' | 'slow' = 'fast'", 'slow', 'let mode = "slow";'],
    ["let mode: Mode = 'fast'", 'slow', 'let mode = "slow";'],
    ['let sizes = [1, 2]', '[3]', 'let sizes = [3];'],
    ['let sizes: string[] = []', '["a"]', 'let sizes = ["a"];'],
    ['let o = { a: 1 }', '{"a": 2, "b": "x"}', 'let o = {"a":2,"b":"x"};'],
    ['let o = null', '4', 'let o = 4;'],
    ['let n: number | undefined', '5', 'let n = 5;'],
    ['let s: string | undefined', '5', 'let s = "5";'],
    ['let o: any = 1', 'text', 'let o = "text";'],
    ['let o = compute()', 'text', 'let o = "text";'],
  ])('are of the declared type: %s with %s', async (declaration, text, line) => {
    const name = /\w+ (\w+)/.exec(declaration)![1];
    expect(await injected(declaration, [`${name}=${text}`])).toBe(line);
  });

  it.each([
    ['let v: boolean = true', 'no', 'a boolean'],
    ['let v = true', '0', 'a boolean'],
    ['let v = 3', 'three', 'a number'],
    ['let v = 3', 'True', 'a number'],
    ['let v = 3', '"3"', 'a number'],
    ['let v = 3', 'None', 'a number'],
    ['let v = 3', '', 'a number'],
    ['let v = 3', '1e999', 'a number'],
    ['let v = 3', '12345678901234567890', 'a number'],
    ['let v = 5n', '1.5', 'a bigint'],
    ["let v = 'x'", 'None', 'a string'],
    ["let v: 'fast' | 'slow' = 'fast'", 'slwo', '"fast" or "slow"'],
    ['let v = [1, 2]', '3', 'a list'],
    ['let v = [1, 2]', '["a"]', 'a list, each of it a number'],
    ['let v = { a: 1 }', '[1]', 'an object'],
    ['let v = { a: 1 }', '{"a": "x"}', 'an object (a is a number), and {"a":'],
    ['let v: number | undefined', 'text', 'a number, and text is none'],
    [
      'let v = 3',
      '9007199254740993',
      'a number, and no number is exactly 9007199254740993: the nearest is 9007199254740992',
    ],
    ['let v = 1 as const', 'x', 'a number'],
  ])(
    'of another type than the declared one are an error that names the line: %s with %s',
    async (declaration, text, type) => {
      const error = await injected(`let other = 1;\n${declaration};`, [`v=${text}`]).catch(
        (e: Error) => e.message,
      );
      expect(error).toContain(`"v" is declared as ${type}`);
      expect(error).toContain(`line 2 of the cell tagged "parameters": ${declaration};`);
    },
  );

  it('are, as TypeScript, the JSON that was given, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async json => {
        const line = await injected('let v', [`v=${json}`]);
        const value = new Function(`${line}\nreturn v`)();
        const text = typeof value === 'bigint' ? String(value) : undefined;
        expect(text ?? JSON.parse(JSON.stringify(value))).toEqual(
          text ? formatJson(jsonOf(value)) : JSON.parse(json),
        );
      }),
    );
  });

  it('need a name that a variable can have, once', () => {
    expect(() => parseParameters(['clients'])).toThrow(/"clients" has no value/);
    expect(() => parseParameters(['a-b=1'])).toThrow(/"a-b" is not a valid name/);
    expect(() => parseParameters(['x;process.exit()=1'])).toThrow(/is not a valid name/);
    expect(() => parseParameters(['n=1', 'n=2'])).toThrow(/gives "n" more than once/);
  });

  it('stand in the metadata with every digit', async () => {
    const it = notebook([cell('p', 'let a, b, c', ['parameters'])]);
    const values = await injectParameters(it, parseParameters(['a=nan', 'b=123456789012345678901', 'c=1.0']));
    expect(Object.values(values).map(value => formatJson(jsonOf(value)))).toEqual([
      '"NaN"',
      '123456789012345678901',
      '1.0',
    ]);
  });
});

describe('a file of parameters', () => {
  const file = async (text: string): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'nxc-parameters-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'p.yaml'), text);
    return join(folder, 'p.yaml');
  };

  it('is YAML or JSON, and its values have the declared types too', async () => {
    const given = await readParametersFile(
      await file('clients: 4\nname: x\nsizes: [1, 2]\nid: 12345678901234567890\n'),
    );
    const it = notebook([cell('p', 'let clients = 1, name = "", sizes = [0], id = 1n', ['parameters'])]);
    await injectParameters(it, given);
    expect(it.cells[1]!.source).toBe(
      '// Parameters\nlet clients = 4;\nlet name = "x";\nlet sizes = [1,2];\nlet id = 12345678901234567890n;',
    );
    await expect(
      injectParameters(it, await readParametersFile(await file('{"clients": "4"}'))),
    ).rejects.toThrow(/"clients" is declared as a number, and "4" is none/);
  });

  it('says what it cannot read', async () => {
    await expect(readParametersFile('/no/such.yaml')).rejects.toThrow(/cannot read/);
    await expect(file('a: [').then(readParametersFile)).rejects.toThrow(/is no YAML/);
    await expect(file('just text').then(readParametersFile)).rejects.toThrow(/no names with values/);
  });
});

describe('the injected cell', () => {
  it('comes after the cell tagged parameters and declares with its keywords', async () => {
    const it = notebook([
      cell('a', 'intro'),
      cell('b', '#| label: p\n%nxc status\nconst n = 1, m = 2;\nlet s: string = "x";', ['parameters']),
      cell('c', 'use'),
    ]);
    await injectParameters(it, parseParameters(['n=5', 's=it\'s "quoted"\n']));
    expect(it.cells.map(({ id }) => id).indexOf('c')).toBe(3);
    expect(it.cells[2]).toMatchObject({
      source: '// Parameters\nconst n = 5;\nlet s = "it\'s \\"quoted\\"\\n";',
      metadata: { tags: ['injected-parameters'] },
    });
  });

  it('finds names that are taken out of objects and lists', async () => {
    const declaration = 'var { b, c: { d = 1 }, ...rest } = options;\nlet [e] = list;';
    expect(await injected(declaration, ['b=1', 'd=2', 'rest={}', 'e=3'])).toBe(
      'var b = 1;\nvar d = 2;\nvar rest = {};\nlet e = 3;',
    );
  });

  it('replaces the one of an earlier run', async () => {
    const it = notebook([
      cell('a', 'let n = 1', ['parameters']),
      cell('old', 'let n = 2', ['injected-parameters']),
    ]);
    await injectParameters(it, parseParameters(['n=3']));
    expect(it.cells.map(({ source }) => source)).toEqual(['let n = 1', '// Parameters\nlet n = 3;']);
  });

  it('is Python in a Python notebook, and refused in a language that is not known', async () => {
    const python = 'n = 1\nflag: bool = False\nmap = {}\nx = 1.5\na, b = 1, 2';
    expect(
      await injected(
        python,
        ['n=12345678901234567890', 'flag=True', 'map={"a": [false, "x", 1.0]}', 'x=inf', 'b=None'],
        'python',
      ),
    ).toBe(
      'n = 12345678901234567890\nflag = True\nmap = {"a": [False, "x", 1.0]}\nx = float(\'inf\')\nb = None',
    );
    await expect(injected(python, ['flag=3'], 'python')).rejects.toThrow(/line 2[^\n]*: flag: bool = False/);
    await expect(injected('', ['n=1'], 'R')).rejects.toThrow(/notebook in r/);
  });
});

describe('a notebook that cannot take them', () => {
  it('has no cell tagged parameters: the error says what to tag, and nothing is injected', async () => {
    const it = notebook([cell('a', 'let n = 1')]);
    await expect(injectParameters(it, parseParameters(['n=3']))).rejects.toThrow(
      /no cell tagged "parameters"[\s\S]*tag the cell that declares them: in JupyterLab/,
    );
    expect(it.cells).toHaveLength(1);
    expect(await injectParameters(it, new Map())).toEqual({});
  });

  it('does not declare the name: the error suggests the one that was meant', async () => {
    await expect(injected('const clients = 1', ['client=3'])).rejects.toThrow(
      /does not declare "client"\ndid you mean clients\?\nfound: it declares clients/,
    );
  });

  it('has two such cells, of which one would undo the other', async () => {
    const it = notebook([cell('a', 'let n = 1', ['parameters']), cell('b', 'let n = 2', ['parameters'])]);
    await expect(injectParameters(it, parseParameters(['n=3']))).rejects.toThrow(/cells 1 and 2/);
  });
});
