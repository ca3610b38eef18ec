import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const NXC = fileURLToPath(new URL('../../dist/kernel/main.cjs', import.meta.url));
const missing = spawnSync('script', ['--version']).error ? ' (skipped: no `script` of util-linux)' : '';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nxc-terminal-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(missing)(`nxc run in a terminal${missing}`, () => {
  it('shows the running cell live, and leaves the line alone in which a person answers a cell', async () => {
    const cells = [
      "const { existsSync } = await import('node:fs'); while (!existsSync('seen')) await new Promise(r => setTimeout(r, 20))",
      // Three times as long as the period in which the clock of the running cell is drawn.
      "const { writeFileSync } = await import('node:fs'); setInterval(() => writeFileSync('waited', ''), 600).unref(); const who = await input(['Na', 'me? '].join('')); `hello ${who}`",
    ].map((source, i) => ({
      cell_type: 'code',
      id: `c${i}`,
      metadata: {},
      execution_count: null,
      outputs: [],
      source,
    }));
    await writeFile(
      join(folder, 'it.ipynb'),
      JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }),
    );
    const command = `stty cols 90; ${process.execPath} ${NXC} run it.ipynb -o out.ipynb`;
    const terminal = spawn('script', ['-qec', command, '/dev/null'], {
      cwd: folder,
      env: { ...process.env, TERM: 'xterm', HOME: folder },
    });
    let screen = '';
    terminal.stdout.setEncoding('utf8').on('data', text => {
      screen += text;
    });
    const ended = new Promise(resolve => terminal.once('close', resolve));
    const drawn = () => screen.match(/▶\x1b\[0m 1\/2/g)?.length ?? 0;
    try {
      await expect.poll(drawn, { timeout: 20_000 }).toBeGreaterThan(1);
      await writeFile(join(folder, 'seen'), '');
      await expect.poll(() => screen, { timeout: 20_000 }).toContain('Name? ');
      const asked = screen.length;
      await rm(join(folder, 'waited'), { force: true });
      await expect.poll(() => existsSync(join(folder, 'waited')), { timeout: 20_000 }).toBe(true);
      expect(screen.slice(asked)).not.toContain('▶');
      terminal.stdin.write('Ada\r');
      expect(await ended).toBe(0);
    } finally {
      terminal.kill('SIGKILL');
    }
    expect(screen).toMatch(/✔\x1b\[0m 2\/2/);
    expect(await readFile(join(folder, 'out.ipynb'), 'utf8')).toContain('hello Ada');
  });
});
