import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { execa } from 'execa';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { packageRoot } from '../../src/assets.js';
import { describeGlobals } from '../../src/driver/driver.js';
import { PythonDriver } from '../../src/driver/python-driver.js';
import { RowFile } from '../../src/driver/sweep/row-file.js';
import { temporaryFolder } from '../helpers/temporary.js';
import { fourNodes, hostDeployment, serve } from './harness.js';

async function session() {
  const folder = await temporaryFolder();
  const file = join(folder, 'rows.jsonl');
  const served = serve(hostDeployment(fourNodes), folder);
  const python = new PythonDriver();
  onTestFinished(() => python.close());
  const run = (source: string) =>
    python.run(source, {
      file: 'testScript',
      machines: describeGlobals({ nodes: fourNodes }).machines,
      handle: served.service.handle,
      display: served.display,
      signal: new AbortController().signal,
      cwd: folder,
      env: process.env,
    });
  return { ...served, folder, file, run };
}

const rich = {
  nan: Number.NaN,
  far: Number.NEGATIVE_INFINITY,
  zero: -0,
  ns: 2n ** 70n,
  at: new Date(5),
  map: new Map<unknown, unknown>([[1, new Set(['a'])]]),
  bytes: new Uint8Array([1, 255]),
  none: undefined,
  error: new TypeError('no'),
};

describe('rows of a sweep', () => {
  it('are what was measured: NaN spoils a mean, Infinity is the maximum', async () => {
    const { globals } = await session();
    const step = ({ n }: { n: number }) => ({ ms: n === 2 ? Number.NaN : n * 10 });
    const rows = await globals.sweep({ n: [1, 2, 3] }, step);
    expect(rows.reduce((sum: number, row: { ms: number }) => sum + row.ms, 0) / rows.length).toBeNaN();
    const worst = await globals.sweep({ n: [1, 2] }, ({ n }: { n: number }) => ({
      ms: n === 2 ? Infinity : 10,
    }));
    expect(Math.max(...worst.map((row: { ms: number }) => row.ms))).toBe(Infinity);
  });

  it('come back from the file as they were written, and have columns for other readers', async () => {
    const { globals, file } = await session();
    const space = { n: [Number.NaN, 1, 1n, -0, 0] };
    let runs = 0;
    const step = () => ({ run: ++runs, ...rich });
    const rows = await globals.sweep(space, step, { resume: file });
    expect(runs).toBe(5);
    expect(isDeepStrictEqual(rows[0], { n: Number.NaN, run: 1, ...rich })).toBe(true);
    const again = await globals.sweep(space, step, { resume: file });
    expect(runs).toBe(5);
    expect(isDeepStrictEqual(again, rows)).toBe(true);
    const [, first] = (await readFile(file, 'utf8')).split('\n');
    expect(JSON.parse(first!)).toMatchObject({ n: null, run: 1, nan: null, at: '1970-01-01T00:00:00.005Z' });
  });

  it('of any data are read back from the file exactly', async () => {
    const folder = await temporaryFolder();
    const value = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      withUnicodeString: true,
    });
    const name = fc.oneof(fc.string(), fc.constantFrom('$exact', '$sweep', 'ms', 'toJSON', 'constructor'));
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.dictionary(name, value), { maxLength: 5 }), async rows => {
        const path = join(folder, `${count++}.jsonl`);
        const file = await RowFile.open(path, 'typescript 1');
        const kept = [];
        for (const row of rows) {
          // Names that no data may have are refused.
          if (
            await file.append(row).then(
              () => true,
              () => false,
            )
          )
            kept.push(row);
          else
            expect(JSON.stringify(row, (_, part) => (typeof part === 'bigint' ? 0 : part))).toContain(
              '__proto__',
            );
        }
        await file.close();
        const read = await RowFile.open(path, 'typescript 1');
        await read.close();
        expect(isDeepStrictEqual(withoutInvalidDates(read.rows), withoutInvalidDates(kept))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('that hold a key __proto__ are refused by name, in objects without a prototype too', async () => {
    const { globals, file } = await session();
    const odd = Object.defineProperty(Object.create(null), '__proto__', { value: 1, enumerable: true });
    for (const column of ['v', '$exact'])
      await expect(globals.sweep({ n: [1] }, () => ({ [column]: odd }), { resume: file })).rejects.toThrow(
        `row.${column} has a key called __proto__`,
      );
    expect((await RowFile.open(file)).rows).toEqual([]);
  });

  it('of files that were written before are read as they stand', async () => {
    const { globals, file } = await session();
    await writeFile(file, '{"n":1,"ms":null}\n{"n":2,"ms":2.5}\n');
    const rows = await globals.sweep({ n: [1, 2] }, () => ({ ms: 0 }), { resume: file });
    expect(rows).toEqual([
      { n: 1, ms: null },
      { n: 2, ms: 2.5 },
    ]);
  });

  it('that cannot be recorded are named and not lost', async () => {
    const { globals, file } = await session();
    const step = ({ n }: { n: number }) => ({ ms: n * 10, ...(n === 2 ? { onDone: () => n } : {}) });
    const failed = globals.sweep({ n: [1, 2, 3] }, step, { resume: file });
    await expect(failed).rejects.toThrow(/the row of {"n":2} cannot be recorded: row\.onDone is a function/);
    expect(globals.sweep.rows).toMatchObject([
      { n: 1, ms: 10 },
      { n: 2, ms: 20 },
    ]);
  });

  it('that the disk takes only in part are named, and the file stays whole', async () => {
    const folder = await temporaryFolder();
    const script = `
      const { Sweep } = await import(${JSON.stringify(join(packageRoot(), 'dist/src/driver/sweep/sweep.js'))});
      const sweep = await Sweep.begin({ n: [1, 2, 3, 4, 5] }, { path: 'rows.jsonl' });
      let error;
      for (const point of sweep.points) {
        await sweep.record(point, { text: 'x'.repeat(300) }).catch(thrown => { error ??= thrown.message; });
      }
      console.log(error, sweep.rows.length);`;
    // No file may be larger than 1024 bytes, and whoever tries gets an error.
    const limited = 'trap "" XFSZ; ulimit -f 1; exec "$@"';
    const { stdout } = await execa(
      'bash',
      ['-c', limited, 'bash', process.execPath, '--input-type=module', '-e', script],
      { cwd: folder },
    );
    expect(stdout).toMatch(/^rows cannot be written to rows\.jsonl\nfound: EFBIG.* 5$/s);
    const lines = (await readFile(join(folder, 'rows.jsonl'), 'utf8')).split('\n');
    expect(lines.map(line => line && JSON.parse(line).n)).toEqual([1, 2, 3, '']);
  });

  it('are not kept in a pipe or a device, which could be read for ever', async () => {
    const { globals, file } = await session();
    await execa('mkfifo', [file]);
    for (const resume of [file, '/dev/zero'])
      await expect(globals.sweep({ n: [1] }, () => ({ ms: 1 }), { resume })).rejects.toThrow(
        `rows cannot be written to ${resume}\nfound: it is a device or a pipe, not a file`,
      );
  });

  it('that were measured before a step failed are in sweep.rows', async () => {
    const { globals } = await session();
    const step = ({ n }: { n: number }) => {
      if (n === 3) throw new Error('power cut');
      return { ms: n };
    };
    await expect(globals.sweep({ n: [1, 2, 3] }, step)).rejects.toThrow('power cut');
    expect(globals.sweep.rows).toEqual([
      { n: 1, ms: 1 },
      { n: 2, ms: 2 },
    ]);
    await globals.sweep({ n: [1] }, step);
    expect(globals.sweep.rows).toEqual([{ n: 1, ms: 1 }]);
  });

  it.each([
    [{ f: [() => 1] }, () => ({}), 'space.f[0] is a function'],
    [{ n: [1] }, async () => ({ later: Promise.resolve(1) }), 'row.later is a promise: await it first'],
    [{ n: [Number.NaN, Number.NaN] }, () => ({}), 'NaN twice'],
    [{ n: [1n, 1n] }, () => ({}), '1n twice'],
    [{ n: [1n] }, () => ({ n: 1 }), 'another n: 1'],
    [{ n: [1] }, () => 10n, 'gave 10n'],
  ])('that are no data are an error that says which: %#', async (space, step, message) => {
    const { globals } = await session();
    await expect(globals.sweep(space, step)).rejects.toThrow(message);
  });
});

describe('a sweep whose function has changed', () => {
  const before = ({ n }: { n: number }) => ({ ms: n });
  const after = ({ n }: { n: number }) => ({ ms: n * 1000 });
  const space = { n: [1, 2] };

  it('says so, and asks what the rows that are there are worth', async () => {
    const { globals, file } = await session();
    await globals.sweep({ n: [1] }, before, { resume: file });
    const content = await readFile(file, 'utf8');
    await expect(globals.sweep(space, after, { resume: file })).rejects.toThrow(
      /has changed since it measured the rows in .*rows\.jsonl\nfound: 1 row .*\nto do: .*changed: 'keep'.*changed: 'redo'/,
    );
    expect(await readFile(file, 'utf8')).toBe(content);
  });

  it('keeps them, and does not ask again', async () => {
    const { globals, file } = await session();
    await globals.sweep({ n: [1] }, before, { resume: file });
    const mixed = [
      { n: 1, ms: 1 },
      { n: 2, ms: 2000 },
    ];
    expect(await globals.sweep(space, after, { resume: file, changed: 'keep' })).toEqual(mixed);
    expect(await globals.sweep(space, after, { resume: file })).toEqual(mixed);
  });

  it('measures them again, keeps the old file beside, and goes on from there the next time', async () => {
    const { globals, file } = await session();
    await globals.sweep(space, before, { resume: file });
    const old = await readFile(file, 'utf8');
    const fresh = [
      { n: 1, ms: 1000 },
      { n: 2, ms: 2000 },
    ];
    expect(await globals.sweep(space, after, { resume: file, changed: 'redo' })).toEqual(fresh);
    expect(await readFile(`${file}.1`, 'utf8')).toBe(old);
    const again = globals.sweep(space, after, { resume: file, changed: 'redo' });
    expect(await again).toEqual(fresh);
    await expect(readFile(`${file}.2`)).rejects.toThrow('ENOENT');
  });

  it('of the same source does not ask, and what is no answer is an error', async () => {
    const { globals, file } = await session();
    await globals.sweep({ n: [1] }, before, { resume: file });
    await globals.sweep(space, before, { resume: file });
    const wrong = globals.sweep(space, before, { resume: file, changed: 'yes' });
    await expect(wrong).rejects.toThrow(`sweep was given changed: "yes"`);
  });
});

describe('a sweep of a test script', () => {
  it('keeps what Python has, in memory, in the file and for TypeScript', async () => {
    const { globals, file, run } = await session();
    await run(`
import math, datetime
at = datetime.datetime(2024, 5, 1, 12, tzinfo=datetime.timezone.utc)
values = {"nan": math.nan, "inf": -math.inf, "zero": -0.0, "big": 2**70, "bytes": b"\\x00\\xff", "pair": (1, (2,)),
          "set": {1, 2}, "by_int": {1: "a"}, "at": at, "none": None, "yes": True, "text": "h\\u00e4\\ud800"}
def step(point):
    return values
for attempt in (1, 2):
    rows = sweep({"n": [1, (2, 3), math.nan, 2**70]}, step, resume="rows.jsonl")
    assert len(rows) == 4, rows
    row = rows[1]
    assert row["n"] == (2, 3) and math.isnan(rows[2]["n"]) and rows[3]["n"] == 2**70
    assert math.isnan(row["nan"]) and math.copysign(1, row["zero"]) == -1
    for name in values:
        if name != "nan":
            assert row[name] == values[name] and type(row[name]) is type(values[name]), (name, row[name])
`);
    const rows = await globals.sweep({ n: [1] }, () => ({}), { resume: file, changed: 'keep' });
    expect(rows[0]).toMatchObject({
      n: 1,
      nan: Number.NaN,
      inf: -Infinity,
      zero: -0,
      big: 2n ** 70n,
      set: new Set([1, 2]),
    });
    expect(rows[0].by_int).toEqual(new Map([[1, 'a']]));
    expect([...rows[0].pair]).toEqual([1, expect.objectContaining({ 0: 2 })]);
    expect(rows[0].at).toEqual(new Date('2024-05-01T12:00:00Z'));
  });

  it.each([
    ['{"run": lambda: 1}', 'row.run is a function'],
    ['{"deep": [1, {"at": datetime.timedelta(1)}]}', 'row.deep[1].at is a timedelta'],
    ['{"at": datetime.datetime(2024, 1, 1)}', 'row.at is a datetime without a time zone'],
    ['{"z": 1j}', 'row.z is a complex'],
    ['{"a b": object()}', 'row["a b"] is a object'],
    ['{"big": 10 ** 10000}', 'int is too large'],
  ])('names what cannot be recorded, and keeps the row: %s', async (row, message) => {
    const { run } = await session();
    await expect(run(`import datetime\nsweep({"n": [7]}, lambda p: ${row})`)).rejects.toThrow(message);
    await run('assert [row["n"] for row in driver.sweep_rows] == [7], driver.sweep_rows');
  });

  it('asks when its function has changed, not when something beside it has', async () => {
    const { run } = await session();
    await run('sweep({"n": [1]}, lambda p: {"x": 1}, resume="a.jsonl")');
    await run('# a comment\nrows = sweep({"n": [1]},    lambda p: {"x":1}, resume="a.jsonl", changed=None)');
    await expect(run('sweep({"n": [1]}, lambda p: {"x": 2}, resume="a.jsonl")')).rejects.toThrow(
      'the function of this sweep has changed',
    );
    await run(
      'assert sweep({"n": [1]}, lambda p: {"x": 2}, resume="a.jsonl", changed="redo") == [{"n": 1, "x": 2}]',
    );
  });
});

/** Node takes no date that is none for the same as another. */
function withoutInvalidDates(value: unknown): unknown {
  if (value instanceof Date && Number.isNaN(value.getTime())) return 'Invalid Date';
  if (Array.isArray(value))
    return Object.assign([...value], { length: value.length }).map(withoutInvalidDates);
  return value;
}
