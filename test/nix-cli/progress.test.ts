import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JobBoard } from '../../src/jobs/board.js';
import { Activities, ActivityType } from '../../src/nix-cli/activities.js';
import { type LogRecord, parseLogLine } from '../../src/nix-cli/internal-json.js';
import { NixProgress } from '../../src/nix-cli/progress.js';

const start = (id: number, type: number, fields: unknown[] = [], text = '') => ({
  action: 'start',
  id,
  type,
  level: 3,
  text,
  fields,
});
const stop = (id: number) => ({ action: 'stop', id });
const result = (id: number, type: number, ...fields: unknown[]) => ({ action: 'result', id, type, fields });
const message = (level: number, msg: string) => ({ action: 'msg', level, msg });
const drv = (name: string) => `/nix/store/${'a'.repeat(32)}-${name}.drv`;

function shown() {
  const board = new JobBoard(new AbortController().signal);
  const job = board.job('build');
  const progress = new NixProgress(job, text => board.warn(text));
  return {
    job,
    progress,
    take: (...records: object[]) => {
      for (const record of records) progress.take(`@nix ${JSON.stringify(record)}`);
    },
    text: () => board.toMimeBundle()['text/plain'].replace(/ [\d.]+ m?s$/gm, ''),
  };
}

describe('what a board shows of a run of Nix', () => {
  it('tells what it evaluates, then what is built and copied', () => {
    const { take, text } = shown();
    take(message(4, "evaluating file '/nix/store/x-source/flake.nix'"));
    expect(text()).toBe('▸ build: evaluating flake.nix');
    take(start(9, 0, [], 'fetching github:NixOS/nixpkgs'));
    expect(text()).toBe('▸ build: fetching github:NixOS/nixpkgs');
    take(
      stop(9),
      start(1, ActivityType.realise),
      start(2, ActivityType.builds),
      start(3, ActivityType.copyPaths),
    );
    take(result(2, 105, 1, 4, 1, 0), result(3, 105, 2, 7, 0, 0), result(1, 106, 100, 3 * 2 ** 20));
    take(start(5, ActivityType.copyPath), result(5, 105, 2 ** 20, 2 * 2 ** 20, 0, 0));
    expect(text()).toBe('▸ build: 1/4 built, 2/7 copied, 1 MiB of 3 MiB copied');
  });

  it('shows phase and last line of each running build, and only their number beyond eight', () => {
    const { take, text, job } = shown();
    take(start(1, ActivityType.builds), start(2, ActivityType.build, [drv('hello-2.12'), '', 1, 1]));
    take(
      result(2, 104, 'buildPhase'),
      result(2, 101, 'gcc -c a.c'),
      result(2, 101, '\u001b[1mgcc -c b.c\u001b[0m'),
    );
    expect(text()).toBe('▸ build\n  │ hello-2.12 (buildPhase): gcc -c b.c');
    for (let id = 10; id < 20; id++) take(start(id, ActivityType.build, [drv(`dep-${id}`), '', 1, 1]));
    expect(text().split('\n')).toHaveLength(10);
    expect(text()).toMatch(/│ and 3 more$/);
    job.finish('web::docker');
    expect(text()).toBe('✔ build: web::docker');
  });

  it('takes no warning for the error that ended it, however loud Nix says it', () => {
    const { take, progress } = shown();
    take(message(0, "warning: the group 'nixbld' does not exist"), message(0, 'error: no such file'));
    expect(progress.errors.map(({ text }) => text)).toEqual(['error: no such file']);
  });

  it("warns of what Nix warns of and of the user's traces, not of what nobody can change", () => {
    const { take, text, progress } = shown();
    take(
      message(1, "warning: Git tree '/x' is dirty"),
      message(1, 'warning: not writing modified lock file'),
    );
    take(message(0, 'trace: 42'), message(1, 'warning: error: unable to download; retrying in 292 ms'));
    expect(text()).toBe('▸ build: evaluating\n! Nix: not writing modified lock file\n! trace: 42');
    expect(progress.errors).toEqual([]);
  });

  it('keeps the last 25 lines of a build that ended', () => {
    const { take, progress } = shown();
    take(start(2, ActivityType.build, [drv('x'), '', 1, 1]));
    for (let i = 1; i <= 60; i++) take(result(2, 101, `line ${i}`));
    take(stop(2));
    expect(progress.activities.logOf(drv('x'))).toEqual(
      Array.from({ length: 25 }, (_, i) => `line ${i + 36}`),
    );
  });

  it('keeps the beginning of a line that does not end', () => {
    const { take, text } = shown();
    take(start(2, ActivityType.build, [drv('x'), '', 1, 1]), result(2, 101, 'y'.repeat(1e6)));
    expect(text()).toMatch(/x: y{1000}…$/);
  });
});

describe('sums over activities', () => {
  it('count what ended with what runs, and forget what an ended one expected', () => {
    const activities = new Activities();
    const take = (record: object) => activities.take(parseLogLine(`@nix ${JSON.stringify(record)}`));
    take(start(1, ActivityType.realise));
    take(result(1, 106, ActivityType.copyPath, 100));
    take(start(2, ActivityType.copyPath));
    take(result(2, 105, 30, 40, 0, 0));
    take(stop(2));
    take(start(3, ActivityType.copyPath));
    take(result(3, 105, 5, 20, 0, 0));
    expect(activities.amount(ActivityType.copyPath)).toEqual({ done: 35, expected: 100 });
    take(stop(1));
    expect(activities.amount(ActivityType.copyPath)).toEqual({ done: 35, expected: 50 });
  });

  it('stay sound whatever records come, in whatever order, of types that nobody knows', () => {
    const id = fc.integer({ min: 0, max: 4 }).map(String);
    const type = fc.oneof(fc.constantFrom(...Object.values(ActivityType)), fc.integer());
    const fields = fc.array(fc.oneof(fc.nat(), fc.string(), fc.constant(null)));
    const record: fc.Arbitrary<LogRecord> = fc.oneof(
      fc.record({ action: fc.constant('start' as const), id, type, text: fc.string(), fields }),
      fc.record({ action: fc.constant('stop' as const), id }),
      fc.record({
        action: fc.constant('result' as const),
        id,
        type: fc.constantFrom(101, 104, 105, 106, 107, 999),
        fields,
      }),
    );
    fc.assert(
      fc.property(fc.array(record), records => {
        const activities = new Activities();
        for (const each of records) activities.take(each);
        for (const type of Object.values(ActivityType)) {
          const { done, expected } = activities.amount(type);
          expect(done).toBeGreaterThanOrEqual(0);
          expect(expected).toBeGreaterThanOrEqual(0);
        }
        expect(Array.isArray(activities.builds())).toBe(true);
      }),
    );
  });
});
