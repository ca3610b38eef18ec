import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findProgram } from '../../src/process/find-program.js';
import { quote } from '../../src/process/quote.js';
import { EXECUTABLE, nxc } from '../helpers/executable.js';
import { builtProject } from '../helpers/local-project.js';
import { until } from '../helpers/until.js';

const noTmux = (await findProgram('tmux')) ? '' : ' (skipped: no tmux)';

/** What a node could do to a terminal: title, clipboard, questions, another screen, C1. */
const HOSTILE = String.raw`\033]0;owned\007\033]52;c;b3duZWQ=\007\033[6n\033[c\033[?1049h\033[2J\302\2332J\033Pq\033\\`;

describe.skipIf(noTmux)(`what a node prints, in a terminal${noTmux}`, () => {
  it('is text: it has its colours, and neither title nor clipboard nor answers', async () => {
    const cwd = await builtProject(['foo', 'bar']);
    expect(await nxc(['start'], { cwd })).toMatchObject({ status: 0 });
    const tmux = (...args: string[]) =>
      execFileSync('tmux', ['-S', join(cwd, 'tmux'), '-f', '/dev/null', ...args], { encoding: 'utf8' });
    onTestFinished(() => void tmux('kill-server'));
    tmux('new-session', '-d', '-x', '150', '-y', '50', 'bash', '--norc');
    tmux('set', '-g', 'set-clipboard', 'on');
    tmux('select-pane', '-T', 'mine');
    tmux('pipe-pane', `cat > ${quote(join(cwd, 'raw'))}`);
    const script = `printf '${HOSTILE}\\033[31mred\\033[0m'; sleep 0.01; printf '\\033'; sleep 0.3; printf ']0;owned\\007 split\\n'; printf '${HOSTILE}err\\n' >&2; exit 3`;
    const run = (target: string) => `${process.execPath} ${EXECUTABLE} exec ${target} -- ${quote(script)}`;
    tmux('send-keys', `cd ${quote(cwd)}; clear; ${run('foo')}; ${run("'*'")}; echo do''ne`, 'Enter');
    await until(() => /^done$/m.test(tmux('capture-pane', '-p')));
    const screen = tmux('capture-pane', '-p', '-J', '-S', '-200');
    expect(screen).toMatch(/^red split$/m);
    expect(screen).toMatch(/^foo │ red split$/m);
    // An answer would stand at the prompt.
    expect(screen.trimEnd()).toMatch(/done\n\S*[$#]$/);
    expect(tmux('display-message', '-p', '#{pane_title} #{alternate_on}').trim()).toBe('mine 0');
    expect(tmux('list-buffers')).toBe('');
    const raw = await readFile(join(cwd, 'raw'), 'latin1');
    expect(raw).toContain('\x1b[31mred');
    expect(raw).not.toMatch(/\x1b\]|\x1bP|\x1b\[(?:6n|c|\?1049)|\xc2\x9b/);
  });

  it('stays what it is, byte by byte, in a file', async () => {
    const cwd = await builtProject(['foo']);
    await nxc(['start'], { cwd });
    const { stdout } = await nxc(['exec', 'foo', '--', `printf '${HOSTILE}'`], { cwd });
    expect(stdout).toContain('\x1b]0;owned\x07\x1b]52');
  });
});
