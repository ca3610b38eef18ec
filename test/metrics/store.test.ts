import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DeploymentRecord } from '../../src/flavours/record.js';
import { compact, seal, thinned } from '../../src/metrics/store/compact.js';
import { type Entry, formatEntry, parseEntry } from '../../src/metrics/store/entry.js';
import { hasLock, samplerOf, takeLock } from '../../src/metrics/store/lock.js';
import { Store } from '../../src/metrics/store/store.js';
import { Tail } from '../../src/metrics/store/tail.js';
import { temporaryFolder } from '../helpers/temporary.js';

let store: Store;
beforeEach(async () => {
  const file = join(await temporaryFolder(), 'deploy/composition::local.json');
  store = new Store({ 'x-nxc': { run: '12345678', file } } as DeploymentRecord);
  store.create();
});

const point = (value: number, at = 1): Entry => ({ at, point: 'rps', value, by: '1:1' });

function readAll(tail = new Tail(store)): Entry[] {
  const found: Entry[] = [];
  tail.read(entry => found.push(entry));
  return found;
}

describe('the log of a deployment', () => {
  it('gives back what was written, whatever number a point is', () => {
    const values = fc.double({ noNaN: true });
    fc.assert(
      fc.property(values, fc.string({ maxLength: 50 }), (value, name) => {
        const entry: Entry = { at: 5, point: name, value, by: '1:1' };
        expect(parseEntry(formatEntry(entry))).toEqual(entry);
      }),
    );
  });

  it('is for its owner alone, and a name that upstream does not take for a record', () => {
    store.append([point(1)]);
    expect(statSync(store.folder).mode & 0o777).toBe(0o700);
    expect(statSync(store.file('log.jsonl')).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(store.folder, '../..'))).toEqual(['.metrics']);
  });

  it('is read on from where the last look ended', () => {
    const tail = new Tail(store);
    expect(readAll(tail)).toEqual([]);
    store.append([point(1), point(2)]);
    expect(readAll(tail)).toEqual([point(1), point(2)]);
    store.append([point(3)]);
    expect(readAll(tail)).toEqual([point(3)]);
    expect(readAll()).toEqual([point(1), point(2), point(3)]);
  });

  it('loses no line when two processes write at once', async () => {
    const script = `
      import { Store } from ${JSON.stringify(`${process.cwd()}/dist/src/metrics/store/store.js`)};
      const store = new Store({ 'x-nxc': { run: '12345678', file: process.argv[1] } });
      for (let i = 0; i < 500; i++) store.append([{ at: i, point: process.argv[2], value: i, by: '1:1' }]);`;
    const file = join(store.folder, '../../composition::local.json');
    const writers = ['one', 'two'].map(name =>
      spawn(process.execPath, ['--input-type=module', '-e', script, file, name]),
    );
    await Promise.all(writers.map(writer => once(writer, 'exit')));
    const found = readAll() as Array<{ point: string; value: number }>;
    for (const name of ['one', 'two'])
      expect(found.filter(entry => entry.point === name).map(({ value }) => value)).toEqual(
        Array.from({ length: 500 }, (_, i) => i),
      );
  });

  it('loses a line that was cut off, and no other', () => {
    store.append([point(1), point(2)]);
    truncateSync(store.file('log.jsonl'), statSync(store.file('log.jsonl')).size - 9);
    store.append([point(3)]);
    const tail = new Tail(store);
    expect(readAll(tail)).toEqual([point(1), point(3)]);
    expect(tail.broken).toBe(1);
  });

  it('lets a foreign file say what it likes', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.json())), lines => {
        writeFileSync(store.file('log.jsonl'), lines.join('\n'));
        readAll();
      }),
      { numRuns: 200 },
    );
    const strange = [
      '{"at":1,"nodes":{"a":[1,2,3,4,5,6,7,8]}}',
      '{"at":1e999,"point":"x","value":1,"by":""}',
      '{"at":1,"mark":{}}',
      '{"at":1,"over":[1]}',
      '{"at":1,"absent":{"disk":null}}',
      'null',
      '[]',
    ];
    for (const line of strange) expect(parseEntry(line)).toBeUndefined();
  });

  it('is no log when it is a link, a folder or a pipe: that is a reason, and no crash', () => {
    symlinkSync('/etc/passwd', store.file('log.jsonl'));
    expect(store.append([point(1)])).toContain('log.jsonl');
    expect(readAll()).toEqual([]);
    expect(readFileSync('/etc/passwd', 'utf8')).not.toContain('rps');
    renameSync(store.file('log.jsonl'), `${store.folder}/x`);
    mkdirSync(store.file('log.jsonl'));
    expect(store.append([point(1)])).toBeDefined();
    expect(readAll()).toEqual([]);
  });

  it('of a deployment that was stopped is not made again by those who still write', () => {
    const tail = new Tail(store);
    store.append([point(1)]);
    readAll(tail);
    store.append([point(2)]);
    store.remove();
    expect(store.append([point(3)])).toBeUndefined();
    expect(statSync(store.folder, { throwIfNoEntry: false })).toBeUndefined();
    expect(readAll(tail)).toEqual([point(2)]);
  });
});

describe('a log that has grown', () => {
  const row = (second: number): Entry => ({ at: second * 1000, nodes: { a: [second, 5, 1, 1, null, null] } });

  it('becomes history, which a reader of before and a new one both have whole', () => {
    const before = new Tail(store);
    store.append([row(1), point(1, 1500)]);
    expect(readAll(before)).toHaveLength(2);
    store.append([row(2)]);
    seal(store);
    store.append([row(3)]);
    expect(readAll(before)).toEqual([row(2), row(3)]);
    const between = new Tail(store);
    expect(readAll(between)).toHaveLength(4);
    compact(store);
    store.append([row(4)]);
    expect(readAll(before)).toEqual([row(4)]);
    expect(readAll(between)).toEqual([row(4)]);
    // Old rows lie so far apart that their neighbours were averaged; the points of users are as they were.
    expect(readAll().at(-1)).toEqual(row(4));
    expect(readAll()).toContainEqual(point(1, 1500));
    expect(readdirSync(store.folder).sort()).toEqual(['history.jsonl', 'log.jsonl']);
  });

  it('stays within its bound, keeps its mean, and is finest where it is newest', () => {
    const now = Math.floor(Date.now() / 1000);
    const rows = Array.from({ length: 20_000 }, (_, i) => row(now - 20_000 + i));
    const text = thinned(rows, 200_000);
    expect(text.length).toBeLessThanOrEqual(200_000);
    const kept = text.split('\n').flatMap(line => parseEntry(line) ?? []) as Array<
      Extract<Entry, { nodes: object }>
    >;
    expect(kept[0]!.at).toBeLessThan((now - 19_900) * 1000);
    const pauses = kept.slice(1).map((one, i) => one.at - kept[i]!.at);
    expect(pauses.at(-1)!).toBeLessThan(pauses[0]!);
    const exact = thinned(
      [
        { ...row(1), nodes: { a: [1, 1, 1, 1, 1, 1] } },
        { at: 2000, nodes: {}, gap: true },
      ],
      10,
    );
    expect(exact).toContain('gap');
  });

  it('keeps marks that nothing has ended', () => {
    const mark: Entry = { at: 3, mark: { what: 'killed', nodes: ['a'] } };
    expect(thinned([mark, row(1), row(2)])).toContain('"killed"');
  });
});

describe('who measures', () => {
  it('is one process, and the next one when that has died', async () => {
    expect(takeLock(store)).toBe(true);
    expect(takeLock(store)).toBe(false);
    expect(samplerOf(store)?.pid).toBe(process.pid);
    expect(hasLock(store)).toBe(true);
    const dead = spawn('true');
    await once(dead, 'exit');
    rmSync(store.file('sampler'));
    symlinkSync(`${dead.pid}:1:${(await import('node:os')).hostname()}`, store.file('sampler'));
    expect(samplerOf(store)).toBeUndefined();
    expect(takeLock(store)).toBe(true);
    rmSync(store.file('sampler'));
    expect(hasLock(store)).toBe(false);
  });

  it.skipIf(process.getuid!() !== 0)(
    'loses on a full disk what does not fit, says so, and goes on when there is room',
    async () => {
      const disk = await temporaryFolder();
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
      try {
        const full = new Store({
          'x-nxc': { run: '12345678', file: join(disk, 'deploy/x.json') },
        } as DeploymentRecord);
        full.create();
        expect(full.append([point(0)])).toBeUndefined();
        expect(() => writeFileSync(join(disk, 'ballast'), Buffer.alloc(1 << 20))).toThrow('ENOSPC');
        let written = 0;
        while (full.append([point(1)]) === undefined) written++;
        for (let again = 0; again < 3; again++) expect(full.append([point(2)])).toContain('the disk is full');
        full.setProblem(full.append([point(2)]));
        expect(full.problem).toContain('the disk is full');
        rmSync(join(disk, 'ballast'));
        expect(full.append([point(3)])).toBeUndefined();
        const tail = new Tail(full);
        const values = readAll(tail).map(entry => 'value' in entry && entry.value);
        expect(values).toEqual([0, ...Array.from({ length: written }, () => 1), 3]);
        // The line at which the disk was full.
        expect(tail.broken).toBeLessThanOrEqual(1);
        tail.close();
      } finally {
        execFileSync('umount', [disk]);
      }
    },
  );

  it('says why nothing can be written', () => {
    store.setProblem('the disk is full (ENOSPC)');
    expect(store.problem).toBe('the disk is full (ENOSPC)');
    store.setProblem(undefined);
    expect(store.problem).toBeUndefined();
    appendFileSync(store.file('log.jsonl'), '');
    truncateSync(store.file('log.jsonl'), 40 << 20);
    expect(store.append([point(1)])).toContain('is full');
  });
});
