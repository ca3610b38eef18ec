import { describe, expect, it, onTestFinished } from 'vitest';
import type { Content } from '../../kernel/protocol/message.js';
import { listRecords } from '../../src/deployment/record-store.js';
import { vegaLite } from '../../src/display/vega-lite.js';
import { type KernelProcess, REAL_KERNEL, run, startKernel } from '../helpers/kernel-client.js';
import { builtProject } from '../helpers/local-project.js';

interface View {
  layer?: View[];
  data?: { values: Array<Record<string, unknown>> };
}

/** The data of a cell's plot, of all its layers. */
async function plotted({ client }: KernelProcess, code: string) {
  const { reply, outputs } = await run(client, code);
  expect(reply).toMatchObject({ status: 'ok' });
  const texts = outputs.map(({ content }) => content.text ?? '').join('');
  const spec = outputs.map(({ content }) => (content.data as Content)?.[vegaLite]).find(Boolean);
  const rows = (view: View): Array<Record<string, unknown>> => [
    ...(view.data?.values ?? []),
    ...(view.layer ?? []).flatMap(rows),
  ];
  return { texts, spec: JSON.stringify(spec), rows: (spec as { vconcat: View[] }).vconcat.flatMap(rows) };
}

describe('a plot', () => {
  it('waits for the first values, and after a restart of the kernel has what was measured, marked and run before', {
    timeout: 90_000,
  }, async () => {
    const cwd = await builtProject();
    const first = await startKernel({ command: REAL_KERNEL, cwd });
    onTestFinished(first.stop);
    expect((await run(first.client, '%nxc start')).reply.status).toBe('ok');
    const waited = await plotted(first, '%nxc plot cpu');
    expect(waited.texts).toContain('waiting for the first values');
    expect(waited.rows.some(({ node, v }) => node === 'foo' && typeof v === 'number')).toBe(true);
    await run(first.client, "await metrics.record('rps', 7); await new Promise(r => setTimeout(r, 1500));");
    await run(first.client, '%nxc fault pause foo\n%nxc fault resume foo');
    // Until a value comes after it: a plot ends with the last one.
    await run(first.client, 'await new Promise(r => setTimeout(r, 1500));');
    expect(await first.client.shutdown(true)).toMatchObject({ restart: true });
    await first.exited;

    const [record] = (await listRecords(cwd)).records;
    const seconds = (Date.now() - Date.parse(record!['x-nxc'].started)) / 1000;
    const second = await startKernel({ command: REAL_KERNEL, cwd, file: first.file });
    onTestFinished(second.stop);
    const { rows, spec } = await plotted(second, '%nxc plot memory,rps');
    expect(spec).toContain('seconds since the deployment started');
    expect(rows.filter(({ node, t }) => node === 'foo' && (t as number) < seconds).length).toBeGreaterThan(1);
    expect(rows.filter(({ node, v }) => node === undefined && v === 7)).not.toEqual([]);
    expect(rows.flatMap(({ fault }) => fault ?? [])).toContain('foo was paused');
    // The cells that ran before, and have ended.
    const cells = rows.filter(({ cell, b }) => cell === 'In[3]' && b !== undefined);
    expect(cells.length).toBeGreaterThan(0);
    for (const { a, b } of cells) {
      expect((b as number) - (a as number)).toBeGreaterThan(1);
      expect(b).toBeLessThanOrEqual(seconds);
    }
  });
});
