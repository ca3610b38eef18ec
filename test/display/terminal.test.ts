import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { TerminalDisplay } from '../../src/display/terminal.js';
import { clip, columnsOf } from '../../src/display/width.js';

function terminal({ tty, env = {} }: { tty: boolean; env?: Record<string, string> }) {
  let text = '';
  const stdout = Object.assign(new PassThrough(), { isTTY: tty, columns: 40, rows: 10 });
  stdout.on('data', chunk => {
    text += chunk;
  });
  const stdin = Object.assign(new PassThrough(), { isTTY: false });
  const streams = { stdin, stdout, stderr: stdout, env } as unknown as ConstructorParameters<
    typeof TerminalDisplay
  >[0];
  return { display: new TerminalDisplay(streams), text: () => text, stream: stdout };
}
const content = (text: string, live = false) => ({ live, toMimeBundle: () => ({ 'text/plain': text }) });

/** What is left on a screen after the cursor movements that the display uses. */
function screen(text: string): string[] {
  let lines = [''];
  let [row, column] = [0, 0];
  for (const part of text.split(/(\x1b\[\d+A|\x1b\[J|\r|\n)/)) {
    const up = /^\x1b\[(\d+)A/.exec(part)?.[1];
    if (up) row = Math.max(0, row - Number(up));
    else if (part === '\x1b[J') lines = [...lines.slice(0, row), (lines[row] ?? '').slice(0, column)];
    else if (part === '\r') column = 0;
    else if (part === '\n') [row, column] = [row + 1, 0];
    else {
      lines[row] = (lines[row] ?? '').slice(0, column).padEnd(column) + part;
      column += part.length;
    }
    lines[row] ??= '';
  }
  return lines;
}

describe('a terminal', () => {
  it('keeps what is live below what is written, and redraws it in place', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { display, text } = terminal({ tty: true });
    const shown = display.show(content('working 1', true));
    vi.advanceTimersByTime(100);
    display.write('a line\n');
    shown.update(content('working 2', true));
    vi.advanceTimersByTime(100);
    expect(screen(text())).toEqual(['a line', 'working 2', '']);
    shown.update(content('done'));
    display.write('next\n');
    expect(screen(text())).toEqual(['a line', 'done', 'next', '']);
  });

  it('leaves nothing behind of what a person typed while it was live', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { display, text, stream } = terminal({ tty: true });
    const shown = display.show(content('working\nharder', true));
    vi.advanceTimersByTime(100);
    stream.write('^C');
    shown.update(content('done'));
    expect(screen(text())).toEqual(['done', '']);
  });

  it('leaves nothing behind when it is made narrower', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { display, text, stream } = terminal({ tty: true });
    const shown = display.show(content('x'.repeat(30), true));
    vi.advanceTimersByTime(100);
    // What was one row is two now.
    stream.columns = 20;
    shown.update(content('done'));
    expect(text()).toContain('\x1b[2A\x1b[J');
  });

  it('draws at most ten times a second', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { display, text } = terminal({ tty: true });
    const shown = display.show(content('0', true));
    for (let i = 0; i < 1000; i++) {
      shown.update(content('again', true));
      vi.advanceTimersByTime(1);
    }
    expect(text().split('again').length - 1).toBeLessThanOrEqual(11);
  });

  it('without TTY prints plain lines, once, and no colours', () => {
    const { display, text } = terminal({ tty: false });
    const shown = display.show(content('\x1b[31mworking\x1b[0m', true));
    display.write('\x1b[32mline\x1b[0m\n');
    shown.update(content('\x1b[31mdone\x1b[0m'));
    display.close();
    expect(text()).toBe('line\ndone\n');
  });

  it('obeys NO_COLOR in a TTY and FORCE_COLOR elsewhere', () => {
    const none = terminal({ tty: true, env: { NO_COLOR: '1' } });
    none.display.write('\x1b[32mx\x1b[0m');
    expect(none.text()).toBe('x');
    const forced = terminal({ tty: false, env: { FORCE_COLOR: '1' } });
    forced.display.write('\x1b[32mx\x1b[0m');
    expect(forced.text()).toBe('\x1b[32mx\x1b[0m');
  });

  it('refuses a question where nobody can answer', async () => {
    const { display } = terminal({ tty: false });
    await expect(display.ask('name? ')).rejects.toThrow('cannot be answered here: name?');
  });
});

describe('the width of text', () => {
  it('counts escapes as nothing and wide characters as two', () => {
    expect(columnsOf('\x1b[31mab\x1b[0m')).toBe(2);
    expect(columnsOf('日本')).toBe(4);
    expect(clip('日本語', 5)).toBe('日本…');
    expect(clip('short', 5)).toBe('short');
  });
});
