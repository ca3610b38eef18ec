import { describe, expect, it } from 'vitest';
import { parseNotebook } from '../../kernel/runner/ipynb/read.js';
import { renderReport } from '../../kernel/runner/report/page.js';
import { SUBTESTS } from '../../src/index.js';

const code = (source: string, fields: object = {}) => ({
  cell_type: 'code',
  metadata: {},
  execution_count: 1,
  source,
  outputs: [{ output_type: 'stream', name: 'stdout', text: 'SEEN-OUTPUT' }],
  ...fields,
});
const text = (source: string, fields: object = {}) => ({
  cell_type: 'markdown',
  metadata: {},
  source,
  ...fields,
});
const page = (cells: object[], metadata: object = {}, name = 'a.ipynb') =>
  renderReport(
    parseNotebook(JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells }), name),
    name,
  );
const head = (html: string): string => /<header[\s\S]*?<\/header>/.exec(html)![0];
const main = (html: string): string => /<main[\s\S]*?<section id="provenance"/.exec(html)![0];
const states = (html: string): string[] =>
  [...head(html).matchAll(/<li class="state \w+">(.*?)<\/li>/g)].map(([, state]) => state!);

const board = (...subtests: object[]) => ({
  outputs: [
    {
      output_type: 'display_data',
      metadata: {},
      data: {
        'text/plain': 'table',
        [SUBTESTS]: subtests.map((one, id) => ({ id, depth: 0, durationMs: 1, ...one })),
      },
    },
  ],
});
const error = { output_type: 'error', ename: 'Error', evalue: 'no <answer>', traceback: [] };

describe('the head of a report', () => {
  it('says how many subtests failed, which, and what was scored', async () => {
    const html = await page([
      code(
        'check()',
        board(
          { name: 'up', state: 'passed', points: 2 },
          { name: 'outer', state: 'failed', failure: { message: 'later', kind: 'assertion' } },
          {
            name: 'answers <b>',
            parent: 1,
            state: 'failed',
            points: 3,
            failure: { message: 'no', kind: 'assertion' },
          },
        ),
      ),
    ]);
    expect(states(html)).toEqual(['2 of 3 subtests failed', 'score 2 of 5', 'all cells ran']);
    expect(head(html)).toContain('subtest “outer / answers &lt;b&gt;”: no');
    expect(head(html)).toContain('href="#cell-1"');
  });

  it('says that subtests passed', async () => {
    expect(states(await page([code('check()', board({ name: 'up', state: 'passed' }))]))).toEqual([
      'all cells ran',
      '1 subtest passed',
    ]);
  });

  it('counts a subtest that was still running when the run was killed as failed', async () => {
    const html = await page([code('check()', board({ name: 'up', state: 'running', points: 1 }))]);
    expect(states(html)).toContain('1 of 1 subtest failed');
    expect(head(html)).toContain('it did not end');
  });

  it('says how far a run went that was killed, and that cells did not run', async () => {
    const times = { started: '2026-01-01T00:00:00Z', ended: '2026-01-01T00:01:00Z' };
    const html = await page([code('1'), code('2', { execution_count: null, outputs: [] })], {
      nxc: { ...times, status: 'running' },
    });
    expect(states(html)).toEqual(['the run did not end', '1 of 2 cells ran']);
    expect(main(html)).toMatch(/href="#cell-2">not run</);
  });

  it('lists cells that are skipped apart, which have no number of this run', async () => {
    const html = await page([
      code('1'),
      code('ask()', { metadata: { tags: ['skip-execution'] }, execution_count: 7 }),
    ]);
    expect(states(html)).toEqual(['1 cell skipped', 'all other cells ran']);
    expect(main(html)).toMatch(/href="#cell-2">skipped</);
    expect(main(html)).not.toContain('In [7]');
  });

  it('says when cells ran in another order than they stand there', async () => {
    const html = await page([code('1', { execution_count: 5 }), code('2', { execution_count: 2 })]);
    expect(states(html)).toEqual(['cells ran in another order', 'all cells ran']);
  });
});

describe('the title of a report', () => {
  it.each([
    ['metadata', [text('# Heading')], { title: 'From metadata' }, 'From metadata'],
    [
      'the first heading, wherever it is',
      [code('1'), text('words\n\n## A *late* `one`\n')],
      {},
      'A late one',
    ],
    ['a heading that is underlined', [text('Underlined\n===\n\nwords')], {}, 'Underlined'],
    [
      'the front matter of Quarto',
      [{ ...text('---\ntitle: Front\n---'), cell_type: 'raw' }, text('# H')],
      {},
      'Front',
    ],
    ['the front matter of MyST', [text('---\ntitle: Front\n---\n# H')], {}, 'Front'],
    ['the file, where nothing else has one', [text('no heading\n\n    # code'), code('# x')], {}, 'a'],
    ['no fence', [text('```sh\n# comment\n```'), text('# Real')], {}, 'Real'],
  ])('comes from %s', async (_, cells, metadata, title) => {
    const html = await page(cells, metadata);
    expect(html).toContain(`<title>${title}</title>`);
    expect(main(html)).not.toContain('title: Front');
  });

  it('is not shown twice', async () => {
    const html = await page([text('# Once\n\nwords')]);
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(main(html)).toContain('words');
  });
});

const SOURCE = 'let seenSource = 1';
const [SHOWN_SOURCE, SHOWN_OUTPUT] = ['seenSource', 'SEEN-OUTPUT'];

describe('what a cell hides', () => {
  const tags = (...names: string[]) => ({ metadata: { tags: names } });
  it.each([
    ['remove-input', tags('remove-input'), [false, true]],
    ['remove_input', tags('remove_input'), [false, true]],
    ['remove-output', tags('remove-output'), [true, false]],
    ['remove_all_outputs', tags('remove_all_outputs'), [true, false]],
    ['remove-cell', tags('remove-cell'), [false, false]],
    ['remove_cell', tags('remove_cell'), [false, false]],
    ['remove-stdout', tags('remove-stdout'), [true, false]],
    ['both', tags('remove-input', 'remove-output'), [false, false]],
    ['hide_input of an extension', { metadata: { hide_input: true } }, [false, true]],
    ['hidden of nbsphinx', { metadata: { nbsphinx: 'hidden' } }, [false, false]],
  ])('is not in the report: %s', async (_, fields, expected) => {
    const html = main(await page([code(SOURCE, fields)]));
    expect([html.includes(SHOWN_SOURCE), html.includes(SHOWN_OUTPUT)]).toEqual(expected);
  });

  it.each([
    ['hide-input', tags('hide-input'), [true, false]],
    ['hide_output', tags('hide_output'), [false, true]],
    ['hide-cell', tags('hide-cell'), [true, true]],
    ['jupyter.source_hidden', { metadata: { jupyter: { source_hidden: true } } }, [true, false]],
    ['jupyter.outputs_hidden', { metadata: { jupyter: { outputs_hidden: true } } }, [false, true]],
    ['collapsed', { metadata: { collapsed: true } }, [false, true]],
  ])('is folded: %s', async (_, fields, expected) => {
    const html = main(await page([code(SOURCE, fields)]));
    expect(html).toContain(SHOWN_SOURCE);
    expect(html).toContain(SHOWN_OUTPUT);
    const details = [...html.matchAll(/<details class="folded">[\s\S]*?<\/details>/g)].join('');
    expect([details.includes(SHOWN_SOURCE), details.includes(SHOWN_OUTPUT)]).toEqual(expected);
  });

  it('hides no error that nobody expected', async () => {
    for (const tag of ['remove-output', 'remove-cell', 'hide-cell']) {
      const html = await page([code(SOURCE, { ...tags(tag), outputs: [error] })]);
      expect(states(html)).toContain('1 cell failed');
      expect(main(html)).toContain('no &lt;answer&gt;');
    }
    const expected = await page([
      code(SOURCE, { ...tags('remove-cell', 'raises-exception'), outputs: [error] }),
    ]);
    expect(main(expected)).not.toContain('no &lt;answer&gt;');
  });

  it('hides prose as well', async () => {
    const html = main(await page([text('SECRET', tags('remove-cell')), text('FOLDED', tags('hide-cell'))]));
    expect(html).not.toContain('SECRET');
    expect(html).toMatch(/<details class="folded"><summary>Show text<\/summary><p>FOLDED/);
  });
});

describe('option lines', () => {
  it.each([
    ['echo: false', [false, true]],
    ['output: false', [true, false]],
    ['include: false', [false, false]],
    ['tags: [remove-input]', [false, true]],
    ['unknown-key: [1, {a: b}]', [true, true]],
  ])('are honoured: %s', async (option, expected) => {
    const html = main(await page([code(`#| ${option}\n${SOURCE}`)]));
    expect([html.includes(SHOWN_SOURCE), html.includes(SHOWN_OUTPUT)]).toEqual(expected);
    expect(html).not.toContain(option);
  });

  it('are shown where they are asked for, and where they are no YAML', async () => {
    expect(main(await page([code(`#| echo: fenced\n${SOURCE}`)]))).toContain('#| echo: fenced');
    const broken = main(await page([code(`#| echo: [false\n${SOURCE}`)]));
    expect(broken).toContain('#| echo: [false');
    expect(broken).toContain(SHOWN_SOURCE);
  });

  it('name and caption what a cell makes', async () => {
    const html = main(
      await page([
        text('see [the figure](#fig-load)'),
        code('#| label: fig-load\n#| fig-cap: "Load <b>of</b> *servers*"\nplot()'),
        code('//| label: fig-load\n//| tbl-cap: Again\ntable()'),
      ]),
    );
    expect(html.match(/id="fig-load"/g)).toHaveLength(1);
    expect(html).toMatch(
      /SEEN-OUTPUT[\s\S]*<figcaption>Load <b>of<\/b> <em>servers<\/em><\/figcaption><\/figure>/,
    );
    expect(html).toMatch(/<figcaption>Again<\/figcaption><div/);
  });

  it('make Markdown of what was printed, sanitised', async () => {
    const stdout = {
      output_type: 'stream',
      name: 'stdout',
      text: '## Made\n\n*x* <script>alert(1)</script>',
    };
    const html = main(await page([code('#| output: asis\nprint()', { outputs: [stdout] })]));
    expect(html).toMatch(/<h2 id="Made">Made<\/h2>[\s\S]*<em>x<\/em>/);
    expect(html).not.toContain('<script>alert');
  });

  it('cannot take an id of the page, or be one that is none', async () => {
    const html = await page([code('#| label: main\n1'), code("#| label: '\"><script>'\n2")]);
    expect(html.match(/id="main"/g)).toHaveLength(1);
    expect(html).not.toContain('"><script>');
  });
});
