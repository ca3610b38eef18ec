import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { NotebookDisplay } from '../../kernel/cells/notebook-display.js';
import type { CellOutput } from '../../kernel/session/interpreter.js';

function recorder() {
  const sent: string[] = [];
  const ids = new Set<string | undefined>();
  const output: CellOutput = {
    stream: (name, text) => sent.push(`${name}: ${text}`),
    display: (data, { displayId, update } = {}) => {
      ids.add(displayId);
      sent.push(`${update ? 'update' : 'display'}: ${data['text/plain']}`);
    },
    result: () => {},
    clear: () => {},
    input: async () => 'answer',
  };
  return { sent, ids, display: new NotebookDisplay(output) };
}
const text = (plain: string) => ({ toMimeBundle: () => ({ 'text/plain': plain }) });

describe('the display of a cell', () => {
  it('updates in place under one display id, the last state always, and not every state', async () => {
    const { sent, ids, display } = recorder();
    const shown = display.show(text('0'));
    for (let i = 1; i <= 500; i++) shown.update(text(String(i)));
    await display.settled();
    expect(sent[0]).toBe('display: 0');
    expect(sent.at(-1)).toBe('update: 500');
    expect(sent.length).toBeLessThan(10);
    expect(ids.size).toBe(1);
  });

  it('keeps the order of what is written and shown when a picture takes its time', async () => {
    const { sent, display } = recorder();
    display.write('before\n');
    display.show({ toMimeBundle: () => pause(20).then(() => ({ 'text/plain': 'plot' })) });
    display.write('after\n', 'stderr');
    await display.settled();
    expect(sent).toEqual(['stdout: before\n', 'display: plot', 'stderr: after\n']);
  });

  it('shows a change that came while the first picture was drawn, and waits for its picture', async () => {
    const { sent, display } = recorder();
    const slow = (plain: string) => ({ toMimeBundle: () => pause(20).then(() => ({ 'text/plain': plain })) });
    const shown = display.show(slow('first'));
    shown.update(slow('second'));
    await display.settled();
    expect(sent).toEqual(['display: first', 'update: second']);
  });

  it.each([
    ['null', null],
    ['nothing', undefined],
    ['text', 'no picture'],
  ])('goes on after a picture that fails with %s', async (_, reason) => {
    const { sent, display } = recorder();
    display.show({ toMimeBundle: () => Promise.reject(reason) });
    display.write('after\n');
    await display.settled();
    expect(sent).toEqual([`stderr: ${reason}\n`, 'stdout: after\n']);
  });

  it('goes on after something that cannot be shown, and says so', async () => {
    const { sent, display } = recorder();
    display.show({ toMimeBundle: () => Promise.reject(new Error('no picture')) });
    display.write('after\n');
    await display.settled();
    expect(sent[0]).toContain('no picture');
    expect(sent.at(-1)).toBe('stdout: after\n');
  });
});
