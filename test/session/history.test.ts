import { appendFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { History, historyPath } from '../../kernel/session/history.js';
import { startKernel } from '../helpers/kernel-client.js';
import { temporaryFolder } from '../helpers/temporary.js';

let path: string;
beforeEach(async () => {
  path = join(await temporaryFolder(), 'deep', 'history.jsonl');
});

async function ask(history: History, content: object) {
  return (await history.query({ raw: true, output: false, ...content })).history;
}

/** Two sessions: `one` with three cells, then `two`, which is the one that asks. */
async function twoSessions(): Promise<History> {
  const one = new History(path, 'one');
  for (const [i, code] of ['let a', 'let b', 'let a'].entries()) one.addInput(i + 1, code);
  await ask(one, { hist_access_type: 'tail', n: 1 });
  const two = new History(path, 'two');
  two.addInput(1, 'two\nlines');
  two.addOutput(1, '42');
  return two;
}

describe('the history', () => {
  it('gives the last cells of all sessions', async () => {
    const history = await twoSessions();
    const last = await ask(history, { hist_access_type: 'tail', n: 2 });
    expect(last).toEqual([
      [1, 3, 'let a'],
      [2, 1, 'two\nlines'],
    ]);
    expect(await ask(history, { hist_access_type: 'tail', n: 0 })).toEqual([]);
  });

  it('gives a range of this session, of one before it, or of one by its number', async () => {
    const history = await twoSessions();
    const range = (content: object) => ask(history, { hist_access_type: 'range', ...content });
    expect(await range({ session: 0 })).toEqual([[2, 1, 'two\nlines']]);
    expect(await range({ session: -1, start: 2 })).toEqual([
      [1, 2, 'let b'],
      [1, 3, 'let a'],
    ]);
    expect(await range({ session: 1, start: 1, stop: 2 })).toEqual([[1, 1, 'let a']]);
  });

  it('finds cells by a pattern, each once if asked', async () => {
    const history = await twoSessions();
    const search = (content: object) => ask(history, { hist_access_type: 'search', ...content });
    expect(await search({ pattern: 'let ?' })).toHaveLength(3);
    expect(await search({ pattern: '*lines' })).toEqual([[2, 1, 'two\nlines']]);
    expect(await search({ pattern: 'let a', unique: true })).toEqual([[1, 3, 'let a']]);
    expect(await search({ pattern: 'let *', n: 2 })).toEqual([
      [1, 2, 'let b'],
      [1, 3, 'let a'],
    ]);
    expect(await search({ pattern: 'let (' })).toEqual([]);
  });

  it('has each cell once, however many ask at once', async () => {
    const history = await twoSessions();
    const tail = { hist_access_type: 'tail', n: 10 };
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(history, tail)));
    answers.push(await ask(history, tail));
    expect(answers.map(entries => (entries as unknown[]).length)).toEqual([4, 4, 4, 4, 4, 4]);
  });

  it('gives results with the input', async () => {
    const history = await twoSessions();
    const last = await ask(history, { hist_access_type: 'tail', n: 2, output: true });
    expect(last).toEqual([
      [1, 3, ['let a', null]],
      [2, 1, ['two\nlines', '42']],
    ]);
  });

  it('is for its owner only, and survives lines that are broken', async () => {
    const history = await twoSessions();
    await ask(history, { hist_access_type: 'tail', n: 1 });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await appendFile(path, 'broken\n{"session":1}\n{"session":"three","line":1,"input":"x"}\n{"cut');
    expect(await ask(history, { hist_access_type: 'tail', n: 1 })).toEqual([[3, 1, 'x']]);
  });

  it('that cannot be written lasts as long as the kernel', async () => {
    const complaint = vi.spyOn(console, 'error').mockImplementation(() => {});
    await writeFile(join(path, '..', '..', 'deep'), 'a file where a folder should be');
    const history = new History(path, 'one');
    history.addInput(1, 'a');
    history.addInput(2, 'b');
    expect(await ask(history, { hist_access_type: 'range' })).toEqual([
      [1, 1, 'a'],
      [1, 2, 'b'],
    ]);
    expect(complaint).toHaveBeenCalledOnce();
    complaint.mockRestore();
  });

  it('is kept from one kernel to the next', async () => {
    for (const code of ['1 + 1', '2 + 2']) {
      const kernel = await startKernel({ env: { NXC_HISTORY: path } });
      try {
        await kernel.client.execute(code);
        await kernel.client.execute('hidden = 1', { storeHistory: false });
        const { history } = await kernel.client.history({
          hist_access_type: 'tail',
          n: 5,
          output: true,
          raw: true,
        });
        expect((history as unknown[]).at(-1)).toEqual([
          expect.any(Number),
          1,
          [code, code[0] === '1' ? '2' : '4'],
        ]);
      } finally {
        await kernel.stop();
      }
    }
    expect(await ask(new History(path, 'later'), { hist_access_type: 'tail', n: 5 })).toEqual([
      [1, 1, '1 + 1'],
      [2, 1, '2 + 2'],
    ]);
  });

  it('has its place by environment', () => {
    expect(historyPath({ NXC_HISTORY: '/h' })).toBe('/h');
    expect(historyPath({ XDG_DATA_HOME: '/data' })).toBe('/data/nxc/history.jsonl');
    expect(historyPath({})).toMatch(/\.local\/share\/nxc\/history\.jsonl$/);
  });
});
