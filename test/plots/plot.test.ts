import fc from 'fast-check';
import { parse, View as VegaView } from 'vega';
import { compile } from 'vega-lite';
import { describe, expect, it, vi } from 'vitest';
import type { Deployment } from '../../src/deployment/deployment.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { downsample, stretches } from '../../src/plots/downsample.js';
import { metricsSpec } from '../../src/plots/metrics-spec.js';
import { plotMetrics, plotRows } from '../../src/plots/plot.js';
import { toPng } from '../../src/plots/png.js';
import { together } from '../../src/plots/span-layers.js';
import { sparklines, timeAxis } from '../../src/plots/spark.js';
import { onPaper } from '../../src/plots/style.js';
import { summary } from '../../src/plots/summary.js';
import { formatValue, scaleFor } from '../../src/plots/units.js';

/** A minute of two metrics on a server and some clients, with a cell from 20 s to 40 s. */
function minute(clients: number): Metrics {
  const metrics = new Metrics();
  const nodes = [
    { name: 'server', role: 'server' },
    ...Array.from({ length: clients }, (_, i) => ({ name: `client${i + 1}`, role: 'client' })),
  ];
  const start = Date.now() - 60_000;
  // No record of it is on disk, so nobody measures it.
  const ours = { run: '0a0a0a0a', file: '/nowhere/deploy/x::local.json', started: new Date(start), nodes };
  metrics.follow({ record: { 'x-nxc': ours }, nodes } as unknown as Deployment);
  for (let second = 0; second < 60; second++) {
    nodes.forEach(({ name }, i) => {
      const at = start + second * 1000;
      metrics.record('cpu', second === 30 ? 180 : i, { node: name, unit: '%', at });
      metrics.record('network.received', 5 * 2 ** 20, { node: name, unit: 'B/s', at });
      metrics.record('network.sent', 2 ** 20, { node: name, unit: 'B/s', at });
    });
  }
  metrics.beginCell('In[4]')();
  Object.assign(metrics.spans.find('In[4]')!, { from: start + 20_000, to: start + 40_000 });
  metrics.follow(undefined);
  return metrics;
}

interface View {
  layer: Array<{
    data?: { values: Array<Record<string, unknown>> };
    mark?: { type: string };
    layer?: View['layer'];
  }>;
}

const toSvg = (spec: object) =>
  new VegaView(parse(compile(spec as never).spec), { renderer: 'none' }).toSVG();

/** What stands at the ticks of an axis. */
const labels = async (spec: object, axis: 'X' | 'Y') =>
  [...(await toSvg(spec)).matchAll(/aria-label="([XY])-axis[^"]*".*?(?=role-axis-title)/g)]
    .filter(([, name]) => name === axis)
    .flatMap(([group]) => [...group.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text));

describe('faults in a plot of metrics', () => {
  const panel = {
    metric: 'cpu',
    unit: '%',
    lines: [
      {
        name: 'a',
        kind: '',
        stretches: [
          [
            { x: 0, y: 1 },
            { x: 20, y: 2 },
          ],
        ],
      },
    ],
  };
  const span = (kind: 'cell' | 'fault', label: string, fromSecond: number, toSecond: number) => ({
    ...{ kind, label, fromSecond, toSecond },
    from: 0,
  });
  const svgOf = (...spans: Array<ReturnType<typeof span>>) =>
    toSvg(metricsSpec([panel, panel], { origin: 'the start', length: 20, spans }));

  it('have labels that do not run into each other, before those of cells, however many there are', async () => {
    const faults = Array.from({ length: 6 }, (_, i) => span('fault', `node${i} was killed`, 6 + i / 10, 9));
    const svg = await svgOf(
      span('cell', 'In[4]', 6, 19),
      ...faults,
      span('fault', 'replica1 was cut off from replica2 and replica3', 18, 20),
    );
    for (const { label } of faults) expect(svg).toContain(`>${label}</text>`);
    expect(svg).toContain('>replica1 was cut off from replica2 and replica3</text>');
    const heights = [...svg.matchAll(/translate\([\d.]+,(-\d+)\)" font-family[^>]*>node\d was killed/g)];
    expect(new Set(heights.map(([, y]) => y)).size).toBe(heights.length);
  });

  it('share a sentence when the same was done to several nodes at once', () => {
    const mark = (node: string, from: number) => ({
      ...span('fault', `${node} was killed`, from, 9),
      mark: { what: 'killed' as const, nodes: [node] },
    });
    const both = together([mark('node10', 6), mark('node2', 6.4), mark('node3', 8)]);
    expect(both.map(({ label, fromSecond }) => [label, fromSecond])).toEqual([
      ['node2 and node10 were killed', 6],
      ['node3 was killed', 8],
    ]);
  });

  it('have the colour of an alarm, which a slower network has not', async () => {
    const fault = await svgOf(span('fault', 'a was killed', 6, 9));
    const net = await svgOf({ ...span('cell', 'a sends at most 10mbit', 6, 9), kind: 'net' as never });
    expect(fault).toContain('#c0392b');
    expect(net).not.toContain('#c0392b');
    expect(net).toContain('>a sends at most 10mbit</text>');
  });

  it('have a strip of full colour in every panel, which cells do not have', async () => {
    const strips = async (kind: 'cell' | 'fault') =>
      (await svgOf(span(kind, 'x', 5, 9))).match(/h\d+v4h-\d+Z/g)?.length ?? 0;
    expect(await strips('fault')).toBe(2);
    expect(await strips('cell')).toBe(0);
  });

  it('that began or ended after the last sample make the axis longer, and reach its end', () => {
    for (const lasts of [false, true]) {
      const metrics = minute(1);
      const at = Date.now() + 300;
      Object.assign(metrics.spans.find('In[4]')!, {
        from: at - 500,
        to: lasts ? undefined : at,
        kind: 'fault',
      });
      vi.spyOn(Date, 'now').mockReturnValue(at + 5000);
      const spec = JSON.stringify(plotMetrics(metrics, { names: 'cpu', since: '70s' }).spec);
      vi.restoreAllMocks();
      const [, from, to] = /"a":([\d.]+),"b":([\d.]+),"fault":"In\[4\]"/.exec(spec)!.map(Number);
      // One that lasts is drawn as far as the next sample will come.
      expect(to! - from!).toBeCloseTo(lasts ? 1 : 0.5, 2);
      const domains = [...spec.matchAll(/"domain":\[0,([\d.]+)\]/g)].map(([, end]) => Number(end));
      expect(Math.max(...domains)).toBeCloseTo(to!, 3);
    }
  });

  it('are there however short they were', () => {
    const metrics = minute(1);
    const start = Date.now() - 60_000;
    Object.assign(metrics.spans.find('In[4]')!, { from: start + 20_000, to: start + 20_010, kind: 'fault' });
    expect(JSON.stringify(plotMetrics(metrics, { names: 'cpu', since: '61s' }).spec)).toContain(
      '"fault":"In[4]"',
    );
  });
});

describe('a plot of metrics', () => {
  it('has a panel for each metric, units with prefixes, and the cell that ran', () => {
    const { spec } = plotMetrics(minute(2), { names: 'cpu,network', since: '61s', title: 'Load' });
    expect(spec).toMatchObject({ $schema: 'https://vega.github.io/schema/vega-lite/v5.json', title: 'Load' });
    const text = JSON.stringify(spec);
    expect((spec.vconcat as View[]).length).toBe(2);
    expect(text).toContain('cpu (% of a core)');
    expect(text).toContain('network (MiB/s)');
    expect(text).toContain('"cell":"In[4]"');
    expect(text).toContain('["received","sent"]');
  });

  it('keeps the peak and stays small with many nodes', () => {
    const { spec } = plotMetrics(minute(20), { names: 'cpu', per: 'node', since: '61s' });
    const rows = (spec.vconcat as View[])[0]!.layer.flatMap(layer =>
      layer.layer?.length ? (layer.data?.values ?? []) : [],
    );
    expect(rows.length).toBeLessThanOrEqual(2000);
    expect(Math.max(...rows.map(row => row.v as number))).toBe(180);
    expect(JSON.stringify(spec).length).toBeLessThan(200_000);
  });

  it('shows roles with their range when there are too many nodes to tell apart', () => {
    const { spec } = plotMetrics(minute(30), { names: 'cpu', since: '61s' });
    const text = JSON.stringify(spec);
    expect(text).toContain('"domain":["client","server"]');
    expect(text).toContain('"low":1,"high":30');
  });

  it('comes as Vega-Lite, PNG and text', async () => {
    const bundle = await plotMetrics(minute(1), { names: 'cpu', since: '61s' }).toMimeBundle();
    expect(Object.keys(bundle)).toEqual(['text/plain', 'application/vnd.vegalite.v5+json', 'image/png']);
    expect(bundle['text/plain']).toMatch(
      /^cpu\n {11}180 % ┤ +█ +\n {2}client1 {4}0 % ┤[▁▂▃▄▅▆▇█ ]+ {2}min +1 %.*\n {11}180 % ┤ +█ +\n {2}server {5}0 % ┤[▁▂▃▄▅▆▇█ ]+ {2}min +0 % {2}mean +3 % {2}max +180 %\n {17}└┬─+┬─+┬─+\n {18}0 +20 +40\n {18}seconds since/,
    );
    const png = Buffer.from(bundle['image/png'] as string, 'base64');
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBeGreaterThan(1200);
  });

  it('of single points tells them apart by their shape, in the legend too', async () => {
    const metrics = new Metrics();
    metrics.record('network.received', 2, { node: 'foo', unit: 'B/s' });
    metrics.record('network.sent', 1, { node: 'foo', unit: 'B/s' });
    const svg = await toSvg(plotMetrics(metrics, { names: 'network', since: '1m' }).spec);
    const shapes = (pattern: RegExp) => new Set([...svg.matchAll(pattern)].map(([, shape]) => shape));
    expect(shapes(/role-legend-symbol".*?<path [^>]*d="([^"]+)"/g).size).toBe(2);
    expect(shapes(/aria-roledescription="point"[^>]*? d="([^"]+)"/g).size).toBe(2);
  });

  it.each([
    ['a few', 5],
    ['many', 50],
  ])('of %s points has a legend with a solid and a dashed line', async (_, seconds) => {
    const metrics = new Metrics();
    for (let second = 0; second < seconds; second++) {
      const at = Date.now() - second * 1000;
      metrics.record('network.received', 2, { node: 'foo', unit: 'B/s', at });
      metrics.record('network.sent', 1, { node: 'foo', unit: 'B/s', at });
    }
    const svg = await toSvg(plotMetrics(metrics, { names: 'network', since: '1m' }).spec);
    const symbols = [...svg.matchAll(/role-legend-symbol".*?<path ([^>]*)>/g)].map(([, symbol]) => symbol!);
    expect(symbols).toHaveLength(2);
    for (const symbol of symbols) expect(symbol).toMatch(/d="M[-\d.,]+L[-\d.,]+"/);
    expect(symbols.map(symbol => /stroke-dasharray="(.*?)"/.exec(symbol)?.[1])).toEqual(['1,0', '4,3']);
  });

  it('has whole ticks for counts', async () => {
    const metrics = new Metrics();
    for (const jobs of [0, 1, 2]) metrics.record('jobs', jobs, { at: Date.now() - 9000 + jobs * 1000 });
    const { spec } = plotMetrics(metrics, { names: 'jobs', since: '1m' });
    expect(await labels(spec, 'Y')).toEqual(['0', '1', '2']);
  });

  it('has a dot for what is no line: a single value between gaps', () => {
    const long = Array.from({ length: 70 }, (_, x) => ({ x, y: 1 }));
    const line = { name: '', kind: '', stretches: [long, [{ x: 80, y: 7 }]] };
    const panel = { metric: 'size', unit: '', lines: [line] };
    const spec = metricsSpec([panel], { origin: 'the start', length: 80, spans: [] });
    const dots = (spec.vconcat as View[])[0]!.layer.at(-1)!.layer!.at(-1)!;
    expect(dots).toMatchObject({ mark: { type: 'point' }, data: { values: [{ t: 80, v: 7 }] } });
  });

  it('while it changes it draws no picture', async () => {
    const bundle = await plotMetrics(minute(2), { names: 'cpu', since: '61s' }, true).toMimeBundle();
    expect(bundle).not.toHaveProperty('image/png');
  });

  it('without anything measured the error says what to do', () => {
    expect(() => plotMetrics(new Metrics(), { names: 'cpu' })).toThrow(
      /nothing was measured yet of cpu[\s\S]*nxc start/,
    );
  });
});

describe('the picture', () => {
  it('has its text drawn with the font that ships with the package', async () => {
    const spec = (title: string) => ({
      data: { values: [{ a: 1 }] },
      mark: 'point',
      title,
      encoding: { x: { field: 'a', type: 'quantitative', axis: null } },
    });
    const [short, long] = await Promise.all([toPng(spec('i')), toPng(spec('WWWWWWWWWWWWWW'))]);
    // Letters that are not drawn leave the same few bytes behind.
    expect(long.length - short.length).toBeGreaterThan(300);
  });

  it('of a plot larger than any screen is a coarser one', async () => {
    const spec = { width: 100_000, height: 50_000, data: { values: [{ a: 1 }] }, mark: 'point' };
    const png = await toPng({ ...spec, encoding: { x: { field: 'a', type: 'quantitative' } } });
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    expect(width / height).toBeCloseTo(2, 1);
    expect(width * height).toBeLessThan(40e6);
  });

  it('that cannot be drawn is an error, and the next one is drawn', async () => {
    await expect(toPng({ data: { values: [] }, mark: 'pie' })).rejects.toThrow(TypeError);
    await expect(toPng({ data: { values: [{ a: () => 1 }] }, mark: 'bar' })).rejects.toThrow('cloned');
    await expect(toPng(plotRows([{ n: 1, m: 2 }]).spec)).resolves.toBeInstanceOf(Buffer);
  });
});

describe('a plot of rows', () => {
  const rows = [
    { client: 'a', requests: 10, errors: 1 },
    { client: 'b', requests: 20, errors: 0 },
  ];

  it('is bars over names, with a colour for each column of numbers', () => {
    const { spec } = plotRows(rows);
    expect(spec).toMatchObject({
      mark: { type: 'bar' },
      encoding: { x: { field: 'client' }, y: { field: 'value' } },
    });
  });

  it('is a line over numbers, split by a column', () => {
    const scaling = [1, 2, 4].flatMap(n => ['x', 'y'].map(kind => ({ n, speed: n * 2, kind })));
    const { spec } = plotRows(scaling, { x: 'n', y: 'speed', color: 'kind' });
    expect(spec).toMatchObject({ mark: { type: 'line' }, encoding: { color: { field: 'kind' } } });
  });

  it.each([
    [{ x: 'clent' }, /no column "clent"[\s\S]*mean client/],
    [{ mark: 'pie' as 'bar' }, /no mark "pie"/],
  ])('what cannot be plotted is an error: %j', (options, message) => {
    expect(() => plotRows(rows, options)).toThrow(message);
  });

  it('of very many rows is thinned, and keeps the ends', () => {
    const rows = Array.from({ length: 150_000 }, (_, i) => ({ x: i, y: Math.sin(i / 1000) }));
    const { values } = plotRows(rows, { x: 'x', y: 'y' }).spec.data as { values: typeof rows };
    expect(values.length).toBeLessThanOrEqual(2000);
    expect([values[0]!.x, values.at(-1)!.x]).toEqual([0, 149_999]);
    expect(plotRows(rows, { x: 'x', y: 'y' }).spec.title).toMatchObject({
      subtitle: `${values.length} of 150000 points are drawn`,
    });
  });

  it('has lines and colours also where a column of numbers tells them apart', async () => {
    const rows = [1, 2].flatMap(x => [100, 500].map(size => ({ x, y: x * size, size })));
    const svg = await toSvg(plotRows(rows, { x: 'x', y: 'y', color: 'size' }).spec);
    for (const colour of ['#0072B2', '#D55E00'])
      expect(svg).toMatch(new RegExp(`<path[^>]*d="M[^"]*L[^"]*"[^>]*stroke="${colour}"`, 'i'));
  });

  it.each<[Array<Record<string, unknown>>, object, string[]]>([
    [
      [
        { n: 1, ms: Number.NaN },
        { n: 2, ms: Number.POSITIVE_INFINITY },
        { n: 3, ms: 4 },
      ],
      {},
      ['2 of 3 values of ms cannot be drawn (NaN, Infinity)'],
    ],
    [[{ n: 1, ms: null }, { n: 2, ms: 3 }, { n: 3 }], {}, ['1 of 2 values of ms cannot be drawn (null)']],
    [
      [
        { n: Number.NaN, ms: 1 },
        { n: 2, ms: 3 },
      ],
      {},
      ['1 of 2 values of n cannot be drawn (NaN)'],
    ],
    [
      [
        { at: new Date(Number.NaN), ms: 1 },
        { at: new Date(0), ms: 3 },
      ],
      {},
      ['1 of 2 values of at cannot be drawn (Invalid Date)'],
    ],
    [
      [
        { n: 1, ms: 'timeout', rss: 1 },
        { n: 2, ms: 3, rss: 2 },
      ],
      {},
      ['1 of 2 values of ms cannot be drawn ("timeout"), so this column is not'],
    ],
    [
      [
        { n: 1, ms: 'slow' },
        { n: 2, ms: 3 },
      ],
      { y: 'ms' },
      ['1 of 2 values of ms cannot be drawn ("slow")'],
    ],
    [
      [
        { n: 1n, ns: 2n ** 40n },
        { n: 2n, ns: 1n },
      ],
      {},
      [],
    ],
  ])('says how many values it does not show, and of which column: %#', async (rows, options, notes) => {
    const plot = plotRows(rows, options);
    const text = (await plot.toMimeBundle())['text/plain'];
    for (const note of notes) expect(text).toContain(note);
    expect(plot.spec.title).toEqual(notes.length ? { text: '', subtitle: notes.join('; ') } : undefined);
    expect(JSON.parse(JSON.stringify(plot.spec))).toEqual(plot.spec);
    expect(await toSvg(plot.spec)).not.toMatch(/d="[^"]*(NaN|Infinity)/);
  });

  it('without rows or numbers the error says so', () => {
    expect(() => plotRows([{ a: 'x' }])).toThrow('no column holds numbers');
    expect(() => plotRows([])).toThrow('nothing to plot');
  });

  it('has whole ticks for whole numbers, without a comma in years, and tenths for others', async () => {
    const { spec } = plotRows([1, 2, 3, 4].map(nodes => ({ nodes, time: 1 / nodes })));
    expect(await labels(spec, 'X')).toEqual(['1', '2', '3', '4']);
    expect(await labels(spec, 'Y')).toContain('0.2');
    const years = plotRows([2025, 2026].map(year => ({ year, papers: year - 2024 })));
    expect(await labels(years.spec, 'X')).toEqual(['2025', '2026']);
    expect(await labels(years.spec, 'Y')).toEqual(['0', '1', '2']);
  });

  it.each([
    ['Date objects', (day: number) => new Date(Date.UTC(2026, 10, day))],
    ['days', (day: number) => `2026-11-0${day}`],
  ])('is a line over %s, which are the same days in every time zone', async (_, date) => {
    const { spec } = plotRows([1, 2, 3].map(day => ({ at: date(day), runs: day })));
    expect(spec).toMatchObject({
      mark: { type: 'line' },
      encoding: { x: { type: 'temporal', scale: { type: 'utc' } } },
    });
    expect(await labels(spec, 'X')).toEqual(expect.arrayContaining(['Nov 02', 'Nov 03']));
  });

  it('has bars over days, which need no time', async () => {
    const rows = [1, 2].map(day => ({ at: new Date(Date.UTC(2026, 10, day)), runs: day }));
    const { spec } = plotRows(rows, { mark: 'bar' });
    expect(await labels(spec, 'X')).toEqual(['2026-11-01', '2026-11-02']);
  });

  it('takes text that only begins like a date for names', () => {
    const { spec } = plotRows([{ run: '2026-11-01 first', time: 1 }]);
    expect(spec).toMatchObject({ mark: { type: 'bar' } });
  });

  it('has the names of all bars, also of many long ones', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `a long name ${i}`);
    expect(await labels(plotRows(names.map(name => ({ name, time: 1 }))).spec, 'X')).toEqual(names);
  });

  it('has bars side by side over a few numbers', async () => {
    const rows = [8, 1].flatMap(n => ['tcp', 'udp'].map(kind => ({ n, kind, speed: n })));
    const { spec } = plotRows(rows, { mark: 'bar', color: 'kind', y: 'speed' });
    expect(spec).toMatchObject({ encoding: { x: { type: 'ordinal' }, xOffset: { field: 'kind' } } });
    expect(await labels(spec, 'X')).toEqual(['1', '8']);
  });

  it('takes column names with dots and brackets', async () => {
    const { spec } = plotRows([{ 'a.b': 1, 'c[0]': 2 }]);
    await expect(toPng(spec)).resolves.toBeInstanceOf(Buffer);
  });
});

describe('units', () => {
  it.each([
    [0, 'B', '0 B'],
    [1536, 'B', '1.5 KiB'],
    [20e6, 'B/s', '19.1 MiB/s'],
    [0.0032, 's', '3.2 ms'],
    [1234.5, 'req/s', '1,235 req/s'],
    [12, '%', '12 %'],
    [2500, 'W', '2.5 kW'],
    [0.123456, '', '0.123'],
  ])('%d %s is %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });

  it('the greatest value has one to four digits', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e15, noNaN: true }), value => {
        const shown = value / scaleFor('B', value).divisor;
        expect(shown).toBeGreaterThanOrEqual(1);
        expect(shown).toBeLessThan(1024);
      }),
    );
  });
});

describe('downsampling', () => {
  const points = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 400 });

  it('gives points of the original in order, with the ends, and no more than asked', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 3, max: 100 }), (ys, limit) => {
        const all = ys.map((y, x) => ({ x, y }));
        const kept = downsample(all, limit);
        expect(kept.length).toBe(Math.min(all.length, limit));
        expect(kept.every(point => all.includes(point))).toBe(true);
        expect(kept.map(point => point.x)).toEqual(kept.map(point => point.x).sort((a, b) => a - b));
        expect(kept[0]).toBe(all[0]);
        expect(kept.at(-1)).toBe(all.at(-1));
      }),
    );
  });

  it('gaps separate stretches', () => {
    const ys = [1, Number.NaN, Number.NaN, 2, 3];
    expect(stretches(ys.map((y, x) => ({ x, y }))).map(one => one.length)).toEqual([1, 2]);
  });
});

describe('a plot on any page', () => {
  it('has its background, and a picture of it a white one', async () => {
    const { spec } = plotMetrics(minute(1), { names: 'cpu', since: '61s' });
    expect(JSON.stringify(spec)).toContain('"background":"transparent"');
    expect(await toSvg(onPaper(spec))).toContain('fill="white"');
    expect(await toSvg(spec)).not.toContain('fill="white"');
  });

  it.each(['#ffffff', '#111111', '#1e1e1e'])('has text that can be read on %s', page => {
    const luminance = (hex: string) => {
      const [r, g, b] = [1, 3, 5].map(at => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
      const linear = (part: number) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
      return 0.2126 * linear(r!) + 0.7152 * linear(g!) + 0.0722 * linear(b!);
    };
    const { spec } = plotMetrics(minute(1), { names: 'cpu', since: '61s', title: 'x' });
    const text = JSON.stringify(spec);
    const colours = [...text.matchAll(/"(?:labelColor|titleColor)":"(#[0-9a-f]{6})"/g)].map(
      ([, hex]) => hex!,
    );
    expect(colours.length).toBeGreaterThan(3);
    for (const hex of colours) {
      const [light, dark] = [luminance(hex), luminance(page)].sort((a, b) => b - a);
      expect((light! + 0.05) / (dark! + 0.05)).toBeGreaterThan(3.8);
    }
  });

  it('has its legend in the order in which people count', () => {
    const rows = ['node10', 'node2', 'node1'].map(node => ({ x: 1, y: 2, node }));
    expect(JSON.stringify(plotRows(rows, { x: 'x', y: 'y', color: 'node' }).spec)).toContain(
      '"domain":["node1","node2","node10"]',
    );
    expect(JSON.stringify(plotMetrics(minute(11), { names: 'cpu', since: '61s' }).spec)).toMatch(
      /"domain":\["client1","client2","client3","client4"/,
    );
  });

  it('has the ticks 0 and 1 where nothing happens', async () => {
    const rows = [1, 2, 3].map(x => ({ x, y: 0 }));
    expect(await labels(plotRows(rows).spec, 'Y')).toEqual(['0', '1']);
    const idle = (y: number) =>
      metricsSpec(
        [
          {
            metric: 'cpu',
            unit: '%',
            lines: [
              {
                name: 'a',
                kind: '',
                stretches: [
                  [
                    { x: 0, y },
                    { x: 9, y },
                  ],
                ],
              },
            ],
          },
        ],
        {
          origin: 'x',
          length: 9,
          spans: [],
        },
      );
    expect(await labels(idle(0), 'Y')).toEqual(['0', '1']);
    expect(await labels(idle(0.004), 'Y')).toEqual(['0', '1']);
  });
});

describe('a plot in a terminal', () => {
  it('has no line that is wider than the terminal, whatever it shows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 200 }),
        fc.array(
          fc.record({
            x: fc.double({ min: 0, max: 100, noNaN: true }),
            y: fc.double({ min: 0, max: 1e12, noNaN: true }),
          }),
          { minLength: 1 },
        ),
        fc.string({ minLength: 1, maxLength: 30, unit: fc.constantFrom('a', 'b', '-') }),
        (columns, points, name) => {
          const panels = [
            {
              metric: 'network',
              unit: 'B/s',
              lines: [{ name, kind: 'sent', stretches: [points.toSorted((a, b) => a.x - b.x)] }],
            },
          ];
          const events = [{ label: `${name} was killed`, fromSecond: 1, toSecond: 2 }];
          const text = summary(panels, { columns, origin: 'the deployment started', to: 100, events });
          for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });

  it('shows over one axis of time when each value was, and nothing in a gap', () => {
    const stretch = (...xs: number[]) => xs.map(x => ({ x, y: 1 }));
    const ten = { from: 0, to: 10 };
    const one = { slots: 10, rows: 1 };
    expect(sparklines([stretch(0, 2), stretch(8, 9)], one, { low: 0, high: 1 }, ten)).toEqual(['███     ██']);
    expect(sparklines([stretch(5)], one, { low: 0, high: 0 }, ten)).toEqual(['     ▁    ']);
    const [line, labels] = timeAxis(40, { from: 0, to: 100 });
    expect(line).toHaveLength(40);
    expect(labels.split(/ +/)).toEqual(['0', '50']);
    expect(labels.indexOf('50')).toBe(line.indexOf('┬', 1));
  });

  it('has at least two times on that axis, however long it is, of which none runs into another', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 30, max: 120 }),
        fc.double({ min: 3, max: 1e5, noNaN: true }),
        (slots, to) => {
          const [line, labels] = timeAxis(slots, { from: 0, to });
          const ticks = labels.split(' ').filter(Boolean);
          expect(ticks.length).toBeGreaterThan(1);
          expect(line.split('┬')).toHaveLength(ticks.length + 1);
          const step = Number(ticks[1]);
          expect(ticks.map(Number)).toEqual(ticks.map((_, index) => index * step));
        },
      ),
    );
  });

  it('has an axis of values, over two rows for a few series and beside one for many, also below 0', () => {
    const line = (name: string, ...ys: number[]) => ({
      name,
      kind: '',
      stretches: [ys.map((y, x) => ({ x, y }))],
    });
    const text = (count: number, columns = 40) => {
      const lines = Array.from({ length: count }, (_, index) => line(`n${index + 1}`, -8, 0, 7));
      return summary([{ metric: 'drift', unit: 'ms', lines }], { columns, to: 2 }).split('\n');
    };
    expect(text(1).slice(1, 4)).toEqual([
      '         7 ms ┤            ▁▁▁▁▁▁▁▁▁▁▁▁█',
      '  n1    -8 ms ┤▁▁▁▁▁▁▁▁▁▁▁▁█████████████',
      '              └┬────────────┬──────────┬',
    ]);
    expect(text(9)[1]).toMatch(/^ {2}n1 {4}-8 ms to 7 ms ┤▁/);
    expect(text(9)[2]).toMatch(/^ {2}n2 {18}┤▁/);
    expect(text(9)).toHaveLength(12);
    expect(text(9, 30)[0]).toBe('drift, from -8 ms to 7 ms');
  });
});
