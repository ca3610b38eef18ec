import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Notebook } from '../../kernel/runner/ipynb/notebook.js';
import { nxc } from '../helpers/executable.js';
import { temporaryFolder } from '../helpers/temporary.js';

const root = process.getuid?.() === 0;
const namespaces = spawnSync('unshare', ['--user', '--map-root-user', '--net', 'true']).status === 0;

function outputsOf(file: string): Array<Record<string, unknown>> {
  const { cells } = JSON.parse(readFileSync(file, 'utf8')) as Notebook;
  return cells
    .flatMap(cell => ('outputs' in cell ? (cell.outputs as Array<{ data?: object }>) : []))
    .map(output => ({ ...output.data }));
}

describe('notebooks/failover-lab.ipynb', () => {
  const kinds = [
    { isolation: 'root', missing: root ? '' : ' (skipped: needs root)' },
    { isolation: 'user', missing: namespaces ? '' : ' (skipped: user namespaces are forbidden here)' },
  ];
  for (const { isolation, missing } of kinds) {
    it.skipIf(missing)(
      `gives the solution all its points with isolation ${isolation}, marks the faults on its plots, and leaves nothing${missing}`,
      { timeout: 180_000 },
      async () => {
        const folder = await temporaryFolder();
        const [out, html] = [join(folder, 'out.ipynb'), join(folder, 'out.html')];
        const { status, stderr } = await nxc(
          ['run', 'notebooks/failover-lab.ipynb', '-o', out, '--html', html],
          { cwd: process.cwd(), env: { NXC_LOCAL_ISOLATION: isolation } },
        );
        expect(stderr).toBe('');
        expect(status).toBe(0);
        const outputs = outputsOf(out);
        const plots = outputs.map(data => JSON.stringify(data['application/vnd.vegalite.v5+json'] ?? ''));
        expect(plots.filter(plot => /"fault":"replica\d was killed"/.test(plot))).toHaveLength(1);
        expect(
          plots.filter(plot => /"fault":"replica\d was cut off from replica\d and replica\d"/.test(plot)),
        ).toHaveLength(1);
        expect(outputs.filter(data => 'image/png' in data)).toHaveLength(2);
        const score = outputs
          .map(data => String(data['text/plain'] ?? ''))
          .find(text => text.includes('score'));
        expect(score).toMatch(/score +13\/13/);
        expect(readFileSync(html, 'utf8')).toContain('Lab: a leader fails');
        const [project] = /\/tmp\/nxc-failover-\w+/.exec(readFileSync(out, 'utf8'))!;
        expect(existsSync(project)).toBe(false);
      },
    );
  }

  it.skipIf(!root && !namespaces)(
    'costs a student points for what is not answered, and runs to the end all the same',
    { timeout: 180_000 },
    async () => {
      const out = join(await temporaryFolder(), 'out.ipynb');
      const args = [
        'run',
        'notebooks/failover-lab.ipynb',
        '-o',
        out,
        '-p',
        'solutions=false',
        '-p',
        'seconds=6',
      ];
      expect((await nxc(args, { cwd: process.cwd() })).status).toBe(3);
      const score = outputsOf(out)
        .map(data => String(data['text/plain'] ?? ''))
        .find(text => text.includes('score'));
      expect(score).toMatch(/✗ failed.*majorityOf\(1\) is NaN/);
      expect(score).toMatch(/score +9\/13/);
    },
  );
});
