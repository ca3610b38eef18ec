import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Renderable } from '../../src/display/bundle.js';
import type { Display } from '../../src/display/display.js';
import { TerminalDisplay, type TerminalStreams } from '../../src/display/terminal.js';
import { JobBoard, withJobs } from '../../src/jobs/board.js';

const never = new AbortController().signal;
const plain = (board: JobBoard) => board.toMimeBundle()['text/plain'].replace(/\d+(\.\d)? m?s$/gm, 'T');

function display(): Display & { shown: Renderable[] } {
  const shown: Renderable[] = [];
  return {
    shown,
    write: () => {},
    show: content => {
      shown.push(content);
      return { update: next => shown.push(next) };
    },
    ask: async () => '',
  };
}

describe('a board of jobs', () => {
  it('tells one job by its step and time', () => {
    const board = new JobBoard(never);
    const job = board.job('build');
    job.step('copying');
    expect(plain(board)).toBe('▸ build: copying T');
    job.finish('3 roles');
    expect(plain(board)).toBe('✔ build: 3 roles T');
  });

  it('folds the nodes of one job into a line and names those that still run', () => {
    const board = new JobBoard(never);
    const jobs = Array.from({ length: 100 }, (_, i) => board.job('start', { node: `n${i}` }));
    for (const job of jobs.slice(0, 90)) job.finish();
    expect(plain(board)).toBe('▸ start: 90/100, now n90, n91, n92, n93, n94, n95 and 4 more T');
    for (const job of jobs.slice(90)) job.finish();
    expect(plain(board)).toBe('✔ start: 100 nodes T');
  });

  it('tells of nodes that failed of one reason in one line', () => {
    const board = new JobBoard(never);
    const jobs = Array.from({ length: 9 }, (_, i) => board.job('start', { node: `n${i}` }));
    jobs[0]!.fail('its disk is full');
    for (const job of jobs.slice(1)) job.fail('the start failed');
    expect(plain(board)).toBe(
      '✘ start n0: its disk is full T\n✘ start n1, n2, n3, n4, n5, n6 and 2 more: the start failed T',
    );
  });

  it('shows the last 25 lines of a job that failed, and of no other', () => {
    const board = new JobBoard(never);
    const [good, bad] = [board.job('start', { node: 'a' }), board.job('start', { node: 'b' })];
    good!.log('fine');
    for (let i = 1; i <= 40; i++) bad!.log(`line ${i}`);
    good!.finish();
    bad!.fail('exit 1');
    const lines = plain(board).split('\n');
    expect(lines.slice(0, 3)).toEqual(['✔ start a T', '✘ start b: exit 1 T', '  │ line 16']);
    expect(lines.at(-1)).toBe('  │ line 40');
    expect(lines).not.toContain('  │ fine');
  });

  it('shows a warning once and escapes everything in HTML', () => {
    const board = new JobBoard(never);
    board.job('<b>').finish('<script>');
    board.warn('a & b');
    board.warn('a & b');
    const html = String(board.toMimeBundle()['text/html']);
    expect(html).toContain('&lt;b&gt;: &lt;script&gt;');
    expect(html.split('a &amp; b')).toHaveLength(2);
  });

  it('fits its lines into the terminal', () => {
    const board = new JobBoard(never);
    board.job('build').step('x'.repeat(300));
    expect([...board.toTerminal(60).replaceAll(/\x1b\[\d+m/g, '')].length).toBeLessThanOrEqual(60);
  });
});

describe('work with jobs', () => {
  it('leaves no job running when the work throws', async () => {
    const { shown, ...rest } = display();
    const work = withJobs(rest, never, async jobs => {
      jobs.job('build');
      throw new Error('broken\nstack');
    });
    await expect(work).rejects.toThrow('broken');
    expect(shown.at(-1)!.live).toBe(false);
    expect((await shown.at(-1)!.toMimeBundle())['text/plain']).toMatch(/^✘ build \d/);
  });

  it('leaves the error that it ends with to who shows it, and says of other failures why', async () => {
    const { shown, ...rest } = display();
    const work = withJobs(rest, never, async jobs => {
      jobs.job('build').fail('broken');
      jobs.job('start', { node: 'a' }).fail('broken');
      jobs.job('load').fail('the disk is full');
      throw new Error('broken\nat line 3');
    });
    await expect(work).rejects.toThrow('broken');
    const text = String((await shown.at(-1)!.toMimeBundle())['text/plain']).replace(/ \d.*$/gm, '');
    expect(text).toBe('✘ build\n✘ start a: broken\n✘ load: the disk is full');
  });

  it('is told in a terminal to its end, whatever came before its first job and after its last', async () => {
    const stdout = Object.assign(new PassThrough(), { isTTY: false });
    const streams = { stdin: process.stdin, stdout, stderr: stdout, env: {} };
    const terminal = new TerminalDisplay(streams as unknown as TerminalStreams);
    await withJobs(terminal, never, async jobs => {
      jobs.warn('no namespaces here');
      jobs.job('build').finish();
      jobs.job('start').finish('running');
      jobs.warn('dying.service failed');
    });
    expect(String(stdout.read()).replaceAll(/ [\d.]+ ms$/gm, '')).toBe(
      '✔ build\n✔ start: running\n! no namespaces here\n! dying.service failed\n',
    );
  });

  it('shows nothing for work that opens no job', async () => {
    const shownBy = display();
    await withJobs(shownBy, never, async () => 1);
    expect(shownBy.shown).toEqual([]);
  });
});
