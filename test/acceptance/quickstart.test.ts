import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Notebook } from '../../kernel/runner/ipynb/notebook.js';
import { firstHome } from '../../src/flavours/runtime-home.js';
import { nxc } from '../helpers/executable.js';
import { temporaryFolder } from '../helpers/temporary.js';

const root = process.getuid?.() === 0;
/** An ordinary user, who needs a machine of its own to leave nothing on. */
const stranger = { uid: 65533, gid: 65533 };
const runtimeRoot = dirname(firstHome());
const namespaces = spawnSync('unshare', ['--user', '--map-root-user', '--net', 'true']).status === 0;

// Of this machine as it is outside the nodes; other tests have mounts and containers meanwhile.
const mountsBelow = (...folders: string[]) =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map(line => line.split(' ')[4] ?? '')
    .filter(point => folders.some(folder => point.startsWith(folder)));
const madeByDocker = /^(docker\d+|br-[\da-f]{12}|veth[\da-f]{7})$/;
const links = () => readdirSync('/sys/class/net').filter(name => !madeByDocker.test(name));
const processesOf = (project: string) =>
  readdirSync('/proc').filter(pid => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(project);
    } catch {
      return false;
    }
  });

function outputsOf(file: string): Array<Record<string, unknown>> {
  const { cells } = JSON.parse(readFileSync(file, 'utf8')) as Notebook;
  return cells
    .flatMap(cell => ('outputs' in cell ? (cell.outputs as Array<{ data?: object }>) : []))
    .map(output => ({ ...output.data }));
}

describe('notebooks/quickstart.ipynb', () => {
  const kinds = [
    { isolation: 'root', missing: root ? '' : ' (skipped: needs root)' },
    { isolation: 'user', missing: namespaces ? '' : ' (skipped: user namespaces are forbidden here)' },
    { isolation: 'plain', missing: '' },
  ];
  for (const { isolation, missing } of kinds) {
    it.skipIf(missing)(
      `runs to the end with isolation ${isolation}, shows its plots, and leaves nothing${missing}`,
      { timeout: 120_000 },
      async () => {
        const folder = await temporaryFolder();
        const before = links();
        const out = join(folder, 'out.ipynb');
        const html = join(folder, 'out.html');
        const { status, stderr } = await nxc(
          ['run', 'notebooks/quickstart.ipynb', '-o', out, '--html', html, '-p', 'loadSeconds=2'],
          { cwd: process.cwd(), env: { NXC_LOCAL_ISOLATION: isolation } },
        );
        expect(stderr).toBe('');
        expect(status).toBe(0);
        const outputs = outputsOf(out);
        for (const type of ['application/vnd.vegalite.v5+json', 'image/png'])
          expect(outputs.filter(data => type in data)).toHaveLength(2);
        const tables = outputs.map(data => String(data['text/html'] ?? '').replaceAll('\n', ''));
        expect(tables.filter(table => table.includes('requests/s'))).toHaveLength(1);
        expect(tables.filter(table => table.includes('comes back when it is killed'))).toHaveLength(1);
        expect(readFileSync(html, 'utf8')).toContain('NixOS Compose in one notebook');
        const [project] = /\/tmp\/nxc-quickstart-\w+/.exec(readFileSync(out, 'utf8'))!;
        expect(links()).toEqual(before);
        expect(mountsBelow(runtimeRoot, project)).toEqual([]);
        expect(processesOf(project)).toEqual([]);
        expect(existsSync(project)).toBe(false);
      },
    );
  }

  it.skipIf(!root)(
    `runs for an ordinary user, from a copy that belongs to root${root ? '' : ' (skipped: needs root to become another user)'}`,
    { timeout: 120_000 },
    async () => {
      const folder = await temporaryFolder();
      await chmod(folder, 0o755);
      for (const part of ['dist', 'notebooks', 'package.json', 'src', 'kernel'])
        await cp(part, join(folder, part), { recursive: true });
      await mkdir(join(folder, 'home'));
      execFileSync('ln', ['-s', join(process.cwd(), 'node_modules'), join(folder, 'node_modules')]);
      execFileSync('chown', [`${stranger.uid}:${stranger.gid}`, join(folder, 'home')]);
      const home = join(folder, 'home');
      const args = [join(folder, 'dist/kernel/main.cjs'), 'run', join(folder, 'notebooks/quickstart.ipynb')];
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [...args, '-o', join(home, 'out.ipynb'), '-p', 'loadSeconds=1'],
        { ...stranger, cwd: home, env: { PATH: '/usr/bin:/bin', HOME: home, NXC_RUNTIME_ROOT: runtimeRoot } },
      );
      expect(stderr.toString()).toBe('');
      expect(stdout.toString()).toContain('✔ 22/22');
      expect(status).toBe(0);
      expect(readdirSync(join(runtimeRoot, `nxc-${stranger.uid}`))).toEqual([]);
    },
  );
});
