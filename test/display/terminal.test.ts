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
  return { display: new TerminalDisplay(streams), text: () => text };
}
const content = (text: string, live = false) => ({ live, toMimeBundle: () => ({ 'text/plain': text }) });

/** What is left on a screen after the cursor movements that the display uses. */
function screen(text: string): string[] {
  let lines = [''];
  for (const part of text.split(/(\x1b\[\d+A\x1b\[J|\n)/)) {
    const up = /^\x1b\[(\d+)A/.exec(part)?.[1];
    if (up) lines = [...lines.slice(0, lines.length - 1 - Number(up)), ''];
    else if (part === '\n') lines.push('');
    else lines[lines.length - 1] += part;
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
