import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeGlobals } from '../../src/driver/driver.js';
import { PythonDriver } from '../../src/driver/python-driver.js';
import { temporaryFolder } from '../helpers/temporary.js';
import { fourNodes, hostDeployment, serve } from './harness.js';

type Point = { clients: number; size: number };
const space = { clients: [1, 2, 4], size: [10, 20] };
const product = ({ clients, size }: Point) => ({ product: clients * size });
const all = [
  { clients: 1, size: 10, product: 10 },
  { clients: 1, size: 20, product: 20 },
  { clients: 2, size: 10, product: 20 },
  { clients: 2, size: 20, product: 40 },
  { clients: 4, size: 10, product: 40 },
  { clients: 4, size: 20, product: 80 },
];

async function session() {
  const folder = await temporaryFolder();
  const file = join(folder, 'rows.jsonl');
  return { ...serve(hostDeployment(fourNodes), folder), folder, file };
}

describe('a sweep', () => {
  it('runs every combination and gives rows of parameters and results', async () => {
    const { globals, display } = await session();
    expect(await globals.sweep(space, product)).toEqual(all);
    expect(await display.plain()).toMatch(/^sweep: 6 of 6 points, \S+ \w+$/);
  });

  it('commands of a step run on nodes', async () => {
    const { globals } = await session();
    const rows = await globals.sweep({ n: [1, 2] }, async ({ n }: { n: number }) => ({
      out: await globals.server.succeed(`echo -n $((${n} + 1))`),
    }));
    expect(rows).toEqual([
      { n: 1, out: '2' },
      { n: 2, out: '3' },
    ]);
  });

  it('has each row in the file before the next step begins, and goes on where it was cut off', async () => {
    const { globals, display, file } = await session();
    const failing = async (point: Point) => {
      expect(await rowsIn(file)).toHaveLength(all.findIndex(row => matches(row, point)));
      if (point.clients === 2 && point.size === 20) throw new Error('power cut');
      return product(point);
    };
    await expect(globals.sweep(space, failing, { resume: 'rows.jsonl' })).rejects.toThrow('power cut');
    expect(await display.plain()).toMatch(/3 of 6 points, .*, stopped at clients=2 size=20$/);
    // The row that was being written then.
    await appendFile(file, '{"clients":2,"size":20,"prod');

    const ran: Point[] = [];
    const rows = await globals.sweep(
      space,
      (point: Point) => {
        ran.push(point);
        return product(point);
      },
      { resume: 'rows.jsonl', changed: 'keep' },
    );
    expect(rows).toEqual(all);
    expect(ran).toEqual(all.slice(3).map(({ clients, size }) => ({ clients, size })));
    expect(await rowsIn(file)).toEqual(all);
    expect(await display.plain()).toMatch(/6 of 6 points, 3 of them from .*rows\.jsonl/);
  });

  it('takes a whole last line without its end for a row, and runs only what a wider space adds', async () => {
    const { globals, file } = await session();
    await writeFile(file, '{"n":1,"x":1}\n{"n":2,"x":2}');
    const ran: number[] = [];
    const rows = await globals.sweep(
      { n: [2, 3] },
      ({ n }: { n: number }) => {
        ran.push(n);
        return { x: n };
      },
      { resume: file },
    );
    expect(ran).toEqual([3]);
    expect(rows).toEqual([
      { n: 2, x: 2 },
      { n: 3, x: 3 },
    ]);
    expect(await readFile(file, 'utf8')).toMatch(
      /^{"n":1,"x":1}\n{"n":2,"x":2}\n{"\$sweep":{"step":"typescript \w{16}"}}\n{"n":3,"x":3}\n$/,
    );
  });

  it('ends when its cell does, and takes no rows after that', async () => {
    const { globals, service, display } = await session();
    let go = () => {};
    const waiting = new Promise<void>(resolve => {
      go = resolve;
    });
    const running = globals.sweep({ n: [1, 2] }, async () => {
      await waiting;
      return {};
    });
    await expect.poll(() => display.shown.length).toBe(1);
    service.finish('cell-1');
    await expect.poll(() => display.shown[0]).toHaveProperty('live', false);
    go();
    await expect(running).rejects.toThrow('this sweep has ended');
  });

  it.each([
    ['{"n":1}\nno json\n{"n":2}\n', 'line 2: no json'],
    ['{"m":1}\n', 'rows of another sweep'],
    ['[1]\n', 'is not a file of rows'],
  ])('a file that holds something else is an error: %j', async (content, message) => {
    const { globals, file } = await session();
    await writeFile(file, content);
    const resumed = globals.sweep({ n: [1] }, () => ({}), { resume: file });
    await expect(resumed).rejects.toThrow(message);
    expect(await readFile(file, 'utf8')).toBe(content);
  });

  it.each([
    [{}, () => ({}), 'sweep needs parameters'],
    [[{ n: 1 }], () => ({}), 'sweep needs parameters, each with its values\nfound: [{"n":1}]'],
    [new Map([['n', [1]]]), () => ({}), 'sweep needs parameters'],
    [{ n: [] }, () => ({}), 'give its values as a list'],
    [{ n: 3 }, () => ({}), 'sweep was given n: 3'],
    [{ n: [1, 2, 1] }, () => ({}), '1 twice'],
    [{ n: [1] }, () => undefined, 'gave nothing for {"n":1}'],
    [{ n: [1] }, () => 12, 'gave 12'],
    [{ n: [1] }, () => ({ n: 2 }), 'another n: 2'],
  ])('a wrong call says what is wrong: %#', async (wrong, run, message) => {
    const { globals } = await session();
    await expect(globals.sweep(wrong, run)).rejects.toThrow(message);
  });

  it('names the call that was written, of a wrong option as well', async () => {
    const { globals } = await session();
    const wrong = globals.sweep({ n: [1] }, () => ({}), { resume: 5 });
    await expect(wrong).rejects.toThrow('sweep needs resume: text\nfound: 5');
  });
});

describe('a sweep of a test script', () => {
  it('goes on with the rows that TypeScript measured', async () => {
    const { globals, service, display, folder, file } = await session();
    await globals.sweep({ clients: [1], size: [10, 20] }, product, { resume: file });
    const python = new PythonDriver();
    onTestFinished(() => python.close());
    const run = (source: string) =>
      python.run(source, {
        file: 'testScript',
        machines: describeGlobals({ nodes: fourNodes }).machines,
        handle: service.handle,
        display,
        signal: new AbortController().signal,
        cwd: folder,
        env: process.env,
      });
    await run(`
ran = []
def step(point):
    ran.append(point)
    return {"product": int(server.succeed(f"echo -n $(({point['clients']} * {point['size']}))"))}
rows = sweep({"clients": [1, 2, 4], "size": [10, 20]}, step, resume="rows.jsonl", changed="keep")
assert len(ran) == 4 and rows[5] == {"clients": 4, "size": 20, "product": 80}, rows
`);
    expect(await rowsIn(file)).toEqual(all);
    await expect(run('sweep({"n": [1]}, lambda p: p["n"])')).rejects.toThrow(
      /gave 1 for \{'n': 1\}; let it return a row/,
    );
    await expect(run('sweep({"n": 3}, lambda p: {})')).rejects.toThrow(/line 1/);
  });
});

/** The rows of a file, without what it says of them. */
async function rowsIn(file: string): Promise<unknown[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
  return lines.map(line => JSON.parse(line)).filter(line => !('$sweep' in line));
}

const matches = (row: Point, point: Point) => row.clients === point.clients && row.size === point.size;
