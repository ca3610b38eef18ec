import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { CodeCell, Output } from '../../kernel/runner/ipynb/notebook.js';
import { readNotebook } from '../../kernel/runner/ipynb/read.js';
import { languageOfCell } from '../../kernel/runner/report/highlight.js';
import { Markdown } from '../../kernel/runner/report/markdown.js';
import { preHtml } from '../../kernel/runner/report/outputs.js';
import { renderReport } from '../../kernel/runner/report/page.js';
import { sanitise } from '../../kernel/runner/report/sanitise.js';
import { DEPLOYMENT_FACTS } from '../../src/index.js';

const fixture = (name: string) =>
  fileURLToPath(new URL(`../fixtures/notebooks/${name}.ipynb`, import.meta.url));
const report = async (name: string) => renderReport(await readNotebook(fixture(name)), `${name}.ipynb`);

describe('a report', () => {
  it('tells what ran, where, and from which sources', async () => {
    const html = await report('load');
    for (const fact of [
      '<title>Load on a small web service</title>',
      '1 cell failed',
      '9a0f6c4be7d1c4f2a1b0e9d8c7b6a5948372615049e8d7c6b5a4938271605f4e',
      'github:NixOS/nixpkgs',
      '50ab793786d9de88ee30ec4e4c24fb4236fc2674',
      'with uncommitted changes',
      'connections = 16',
      '8 processors',
      'client1, client2',
    ]) {
      expect(html).toContain(fact);
    }
  });

  it('tells the variant of setup.toml and its parameters', async () => {
    const setup = { variant: 'dev', params: { clients: 5, name: 'mine' } };
    const cell: CodeCell = {
      id: 'start',
      cell_type: 'code',
      source: '%nxc start',
      execution_count: 1,
      metadata: {},
      outputs: [
        { output_type: 'display_data', data: { [DEPLOYMENT_FACTS]: { run: 'a1', setup } }, metadata: {} },
      ],
    };
    const html = await renderReport(
      { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] },
      'a.ipynb',
    );
    expect(html).toContain('<dt>Setup variant</dt><dd><code>dev</code>');
    expect(html).toContain('<code>clients = 5</code><br><code>name = &quot;mine&quot;</code>');
  });

  it('links the failed cell at the top', async () => {
    const html = await report('load');
    const [, anchor] = /<section class="failures"[^>]*><ul><li><a href="#([^"]+)">In \[11\]/.exec(html)!;
    expect(html).toContain(`class="cell code failed" id="${anchor}"`);
  });

  it('carries the plotting libraries once where there is a plot, and not at all where there is none', async () => {
    expect((await report('load')).match(/\/\*! vega /g)).toHaveLength(1);
    const notebook = await readNotebook(fixture('load'));
    for (const cell of notebook.cells) if (cell.cell_type === 'code') cell.outputs = [];
    const html = await renderReport(notebook, 'load.ipynb');
    expect(html).not.toContain('/*! vega');
    expect(Buffer.byteLength(html)).toBeLessThan(100_000);
  });

  it('allows itself no script but its own, and no request', async () => {
    const html = await report('hostile');
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)![1]!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe-eval|https?:|\*|script-src[^;]*unsafe-inline/);
    expect(html.match(/<script>/g)).toHaveLength(policy.match(/'sha256-/g)!.length);
  });

  it('is made of a notebook without cells, metadata or title', async () => {
    const html = await renderReport(
      { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [] },
      'a/b/empty.ipynb',
    );
    expect(html).toContain('<h1>empty</h1>');
  });
});

describe('a report of a notebook without headings', () => {
  const code = (source: string, count: number, outputs: Output[] = []): CodeCell => ({
    id: `cell${count}`,
    cell_type: 'code',
    source,
    execution_count: count,
    metadata: {},
    outputs,
  });
  const evalue = 'testScript failed at line 16:\n  16 | assert counts\nAssertionError: too few';
  const error: Output = { output_type: 'error', ename: 'AssertionFailed', evalue, traceback: [] };
  const text: Output = { output_type: 'stream', name: 'stdout', text: 'safe \u202e elif ton\n' };
  const cells = [
    code('%nxc build', 1),
    code('// \u202e x\nf()', 2, [text]),
    code('%nxc driver -t', 3, [error]),
  ];
  const html = () => renderReport({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }, 'a.ipynb');

  it('has its cells as contents', async () => {
    expect(await html()).toContain('<a href="#cell-1">In [1] %nxc build</a>');
  });

  it('tells at the top why a cell failed, not only that it did', async () => {
    expect(await html()).toContain(
      'AssertionFailed: testScript failed at line 16: AssertionError: too few</li>',
    );
  });

  it('shows characters that turn text around instead of obeying them', async () => {
    expect(await html()).toContain('safe \\u202e elif ton');
    expect(await html()).not.toContain('\u202e');
  });
});

describe('markdown', () => {
  it('keeps TeX whole', () => {
    const html = new Markdown().render(
      'with $a_1 * b_2 * c$ and \\$5 or $6, see\n\n$$\nx_1 < y_*\n$$\n\n*end*',
    );
    expect(html).toContain('<span class="math">a_1 * b_2 * c</span>');
    expect(html).toContain('<pre class="math-block">x_1 &lt; y_*</pre>');
    expect(html).toContain('$5 or $6');
    expect(html).toContain('<em>end</em>');
  });

  it('gives every heading its own anchor, as JupyterLab names them', () => {
    const markdown = new Markdown();
    markdown.render('# First steps\n## Build `it`');
    markdown.render('# First steps');
    expect(markdown.headings).toEqual([
      { level: 1, text: 'First steps', id: 'First-steps' },
      { level: 2, text: 'Build it', id: 'Build-it' },
      { level: 1, text: 'First steps', id: 'First-steps-1' },
    ]);
  });

  it('shows attached images and names those it leaves out', () => {
    const html = new Markdown().render('![mine](attachment:a.png) ![other](figure.png)', {
      'a.png': { 'image/png': 'iVBORw0=' },
    });
    expect(html).toContain('src="data:image/png;base64,iVBORw0="');
    expect(html).toContain('[image not included: other]');
  });

  it('shows images whatever their names are', () => {
    const png = { 'image/png': 'iVBORw0=' };
    const html = new Markdown().render('![a](attachment:%FF.png) ![b](attachment:ä%20b.png)', {
      '%FF.png': png,
      'ä b.png': png,
    });
    expect(html.match(/src="data:image\/png;base64,iVBORw0="/g)).toHaveLength(2);
  });
});

describe('HTML of a cell', () => {
  it('keeps what a table needs and drops what runs or loads', () => {
    const html = sanitise(
      '<table style="position:fixed;width:50%"><tr><td colspan="2" onclick="x()" style="text-align:right;background:url(http://a)">1</td></tr></table>' +
        '<script>x()</script><style>td{}</style><img src="http://a/b.png" alt="b"><a href="javascript:x()">l</a><iframe src="http://a"></iframe>',
    );
    expect(html).toBe(
      '<table style="width:50%"><tr><td colspan="2" style="text-align:right">1</td></tr></table><em>[image not included: b]</em><a rel="noopener noreferrer">l</a>',
    );
  });
});

describe('source and long output', () => {
  it('is coloured in the language of its magic', () => {
    const language = (source: string) => languageOfCell(source, 'typescript');
    expect(language('%%writefile composition.nix\n')).toEqual({
      name: 'nix',
      label: 'writes composition.nix',
    });
    expect(language('%%writefile -a setup.toml\n').name).toBe('toml');
    expect(language('%%nxc driver\n')).toEqual({ name: 'python', label: 'Python driver' });
    expect(language('%%node @client --timeout 5\n')).toEqual({ name: 'bash', label: 'bash on @client' });
    expect(language('%%node foo --lang python3\n').name).toBe('python');
    expect(language('%%sh\n').name).toBe('bash');
    expect(language('%nxc build\n\n  %nxc start\n').label).toBe('commands');
    expect(language('// both at once\n%nxc build\n').label).toBe('commands');
    expect(language('// nothing yet').label).toBe('TypeScript');
    expect(language('%nxc status\nawait 1').label).toBe('TypeScript');
    expect(language('%%time\nawait 1')).toEqual({ name: 'typescript', label: 'TypeScript' });
  });

  it('is folded after a while, with no line lost', () => {
    const lines = Array.from({ length: 100 }, (_, i) => `line ${i}`);
    const html = preHtml(`<span class="a">${lines.join('\n')}</span>`, 30);
    expect(html).toContain('<summary>70 more lines</summary>');
    expect(
      html
        .replace(/<summary>.*?<\/summary>|<\/pre><details.*?<pre[^>]*>/g, '\n')
        .replace(/<[^>]+>/g, '')
        .split('\n')
        .filter(Boolean),
    ).toEqual(lines);
    expect(preHtml('a\nb', 30)).toBe('<pre tabindex="0">a\nb</pre>');
  });
});

it('the plots of a report are pictures until a script has drawn them', async () => {
  const html = await report('load');
  const css = await readFile(
    fileURLToPath(new URL('../../kernel/runner/report/report.css', import.meta.url)),
    'utf8',
  );
  expect(
    html.match(
      /<figure class="plot"[^>]*aria-label="[^"]+"><div class="still"><img src="data:image\/png;base64,/g,
    ),
  ).toHaveLength(2);
  expect(css).toContain('.plot.drawn .still');
});
