import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Notebook } from '../../kernel/runner/ipynb/notebook.js';
import { docker, dockerProject, dockerUsable, ours, withoutDocker } from '../helpers/docker.js';
import { nxc } from '../helpers/executable.js';
import { temporaryFolder } from '../helpers/temporary.js';

const read = (file: string): Notebook => JSON.parse(readFileSync(file, 'utf8')) as Notebook;

/** Runs a notebook to its end; gives back the executed one. */
async function executed(notebook: string, parameters: Record<string, string>): Promise<Notebook> {
  const out = join(await temporaryFolder(), 'out.ipynb');
  const words = Object.entries(parameters).flatMap(([name, value]) => ['-p', `${name}=${value}`]);
  const { status, stdout, stderr } = await nxc(['run', notebook, '-o', out, ...words], {
    cwd: process.cwd(),
  });
  expect(`${stderr}${status === 0 ? '' : stdout}`).toBe('');
  return read(out);
}

/** What a reader sees of the cells that are tagged `same`, without what differs from run to run. */
function seen({ cells }: Notebook): Array<{ source: string; said: string[] }> {
  const same = cells.filter(cell => (cell.metadata as { tags?: string[] }).tags?.includes('same'));
  return same.map(cell => {
    const streams: Record<string, string> = {};
    const said: string[] = [];
    for (const output of 'outputs' in cell ? (cell.outputs as Output[]) : []) {
      // Of the two streams only the order within each is certain.
      if (output.name) streams[output.name] = (streams[output.name] ?? '') + textOf(output.text);
      else said.push(textOf(output.data?.['text/plain']));
    }
    const durations = /\d+(\.\d+)? ?(ms|s)\b *|-{4,}/g;
    const all = [...said, ...Object.entries(streams).map(([name, text]) => `${name}: ${text}`)].sort();
    return { source: textOf(cell.source), said: all.map(text => text.replace(durations, '…')) };
  });
}

interface Output {
  name?: string;
  text?: string | string[];
  data?: Record<string, string | string[]>;
}

const textOf = (text: string | string[] | undefined): string => [text ?? ''].flat().join('');

/** Projects with containers below a folder; other tests have containers of their own meanwhile. */
const runningBelow = (folder: string) =>
  docker('ps', '--all', '--format', '{{.Label "nxc.project"}}', '--filter', 'label=nxc.run').filter(project =>
    project.startsWith(folder),
  );

describe.skipIf(!dockerUsable)(`the flavour docker${withoutDocker}`, () => {
  it('shows at the start what a unit said that failed', { timeout: 240_000 }, async () => {
    const project = await dockerProject('one');
    await ours(project, 'build');
    expect(await ours(project, 'start', '--wait-units=no')).toMatch(
      /failing\.service failed on broken; the end of its log:\n[\s\S]*cannot find what I need\n/,
    );
  });

  it('shows what the flavour local shows, in one notebook', { timeout: 240_000 }, async () => {
    const notebook = 'test/fixtures/notebooks/both-flavours.ipynb';
    const run = async (flavour: string) =>
      seen(await executed(notebook, { flavour, project: await dockerProject('one') }));
    const local = await run('local');
    expect(local.length).toBeGreaterThan(10);
    expect(await run('docker')).toEqual(local);
  });

  it('runs notebooks/quickstart.ipynb unchanged, and leaves nothing', { timeout: 240_000 }, async () => {
    const template = await dockerProject('basic');
    const { cells } = await executed('notebooks/quickstart.ipynb', {
      flavour: 'docker',
      template: `git+file://${template}#basic`,
      loadSeconds: '2',
    });
    const outputs = cells.flatMap(cell => ('outputs' in cell ? (cell.outputs as Output[]) : []));
    const shown = (type: string) => outputs.filter(({ data }) => data && type in data);
    expect(shown('image/png')).toHaveLength(2);
    const tables = shown('text/html').map(({ data }) => textOf(data!['text/html']));
    expect(tables.filter(table => table.includes('requests/s'))).toHaveLength(1);
    expect(tables.filter(table => table.includes('comes back when it is killed'))).toHaveLength(1);
    const [project] = /\/tmp\/nxc-quickstart-\w+/.exec(JSON.stringify(cells))!;
    expect(runningBelow(project)).toEqual([]);
  });
});
