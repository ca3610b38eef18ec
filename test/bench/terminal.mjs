/** What a command of the terminal costs beside an empty program of Node: most of it is loading. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { median } from './measure.mjs';

const MAIN = resolve('dist/kernel/main.cjs');
const RUNS = 15;

export async function benchTerminal() {
  const folder = await mkdtemp(join(tmpdir(), 'nxc-bench-'));
  const nxc = (...words) => {
    const { status, stderr } = spawnSync(process.execPath, [MAIN, ...words], { cwd: folder });
    if (status !== 0) throw new Error(`nxc ${words.join(' ')}: ${stderr}`);
  };
  try {
    nxc('init', '-t', 'client-server');
    nxc('build');
    nxc('start');
    const commands = {
      'nxc exec NODE -- true': () => nxc('exec', 'server', '--', 'true'),
      'nxc status': () => nxc('status'),
      'nxc build, again': () => nxc('build'),
      'bare node': () => spawnSync(process.execPath, ['-e', '0']),
    };
    const times = Object.fromEntries(Object.keys(commands).map(name => [name, []]));
    // By turns, so that other work on the machine falls on all of them.
    for (let run = 0; run < RUNS; run++)
      for (const [name, command] of Object.entries(commands)) {
        const start = performance.now();
        command();
        times[name].push(performance.now() - start);
      }
    const { 'bare node': bare, ...ours } = times;
    return Object.entries(ours).map(([what, all]) => ({
      what: `\`${what}\` in a terminal`,
      ours: median(all),
      goal: what.endsWith('again') ? '' : '≤ 1.6 × bare node',
      peers: { 'bare node': median(bare) },
    }));
  } finally {
    spawnSync(process.execPath, [MAIN, 'stop'], { cwd: folder });
    await rm(folder, { recursive: true });
  }
}
