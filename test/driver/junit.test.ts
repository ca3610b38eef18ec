import { describe, expect, it } from 'vitest';
import { junit } from '../../src/driver/junit.js';
import { SubtestBoard, scoreOf } from '../../src/driver/subtests.js';

function board(): SubtestBoard {
  const subtests = new SubtestBoard();
  const outer = subtests.begin('outer', { points: 2 });
  const inner = subtests.begin('a < b & "c"', { parent: outer, points: 3 });
  subtests.end(inner);
  subtests.end(outer, { message: 'not so\nsecond line', kind: 'assertion', at: 'testScript line 4' });
  subtests.end(subtests.begin('lost'), { message: 'gone \u0000\ud800', kind: 'infrastructure' });
  return subtests;
}

const report = {
  name: 'testScript',
  startedAt: new Date('2026-01-02T03:04:05Z'),
  durationMs: 1500,
  subtests: board().subtests,
};

describe('a test script as JUnit XML', () => {
  it('tells assertions from everything else, with where they failed', () => {
    const xml = junit({ ...report, failure: { message: 'not so', kind: 'assertion' } });
    expect(xml).toContain('<testsuite name="testScript" tests="4" failures="1" errors="1" time="1.500"');
    expect(xml).toContain('timestamp="2026-01-02T03:04:05.000Z"');
    expect(xml).toContain('<testcase classname="testScript" name="outer / a &lt; b &amp; &quot;c&quot;"');
    expect(xml).toMatch(/<failure type="assertion" message="not so">testScript line 4: not so\nsecond line</);
    expect(xml).toContain('<error type="infrastructure" message="gone \uFFFD\uFFFD">');
    expect(xml).toContain('<property name="points" value="3"/>');
  });

  it('a failure outside of all subtests is one of the script', () => {
    const xml = junit({ ...report, subtests: [], failure: { message: 'oops', kind: 'error' } });
    expect(xml).toContain('tests="1" failures="0" errors="1"');
    expect(xml).toMatch(/name="testScript" time="1.500">\n<error type="error" message="oops">oops</);
  });
});

describe('the table of subtests', () => {
  it('shows points, the score, and where a subtest failed', () => {
    const text = board().toMimeBundle()['text/plain'];
    expect(text).toMatch(/outer +✗ failed +\S+ ms +0\/2 +not so +testScript line 4/);
    expect(text).toMatch(/\u2003a < b & "c" +✓ passed +\S+ ms +3\/3/);
    expect(text).toMatch(/score +3\/5/);
    expect(scoreOf(board().subtests)).toEqual({ points: 3, of: 5 });
  });

  it('has no points where nobody gave any', () => {
    const subtests = new SubtestBoard();
    subtests.end(subtests.begin('plain'));
    expect(subtests.toMimeBundle()['text/plain']).not.toMatch(/points|score|where/);
  });
});
