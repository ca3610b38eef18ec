import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EXECUTABLE, nxc } from '../helpers/executable.js';
import { builtProject } from '../helpers/local-project.js';
import { temporaryFolder } from '../helpers/temporary.js';
import { until } from '../helpers/until.js';

interface Cell {
  source: string;
  tags?: string[];
}

async function write(folder: string, cells: Array<string | Cell>): Promise<void> {
  const all = cells
    .map(cell => (typeof cell === 'string' ? { source: cell, tags: [] } : cell))
    .map(({ source, tags }, i) => ({
      cell_type: 'code',
      id: `c${i}`,
      metadata: { tags },
      execution_count: null,
      outputs: [],
      source,
    }));
  await writeFile(
    join(folder, 'study.ipynb'),
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: all }),
  );
}

interface Executed {
  cells: Array<{
    execution_count: number | null;
    outputs: Array<{ text?: string[]; evalue?: string; data?: Record<string, string[]> }>;
  }>;
  metadata: { nxc: { status: string } };
}
const executed = async (folder: string): Promise<Executed> =>
  JSON.parse(await readFile(join(folder, 'study.executed.ipynb'), 'utf8'));
const counts = ({ cells }: Executed) => cells.map(cell => cell.execution_count);
const printed = ({ cells }: Executed) =>
  cells.map(({ outputs }) => outputs.flatMap(output => output.text ?? []).join(''));

describe('nxc run --resume', () => {
  it('goes on after the last good cell of a run that was killed, with its deployment', async () => {
    const folder = await builtProject(['foo']);
    await write(folder, [
      "import { hostname } from 'node:os';\nconst greet = (name: string) => `hello ${name}`;",
      '%nxc start',
      "await foo.succeed('echo first >> /tmp/ran');",
      "if (!(await import('node:fs')).existsSync('go')) await new Promise(() => {});\nconsole.log(greet(typeof hostname), await foo.succeed('cat /tmp/ran'));",
      '5',
    ]);
    const killed = spawn(process.execPath, [EXECUTABLE, 'run', 'study.ipynb'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onTestFinished(() => void killed.kill('SIGKILL'));
    let said = '';
    killed.stdout.setEncoding('utf8').on('data', text => (said += text));
    await until(() => said.includes('✔ 3/5'), 60_000);
    killed.kill('SIGKILL');
    const cut = await executed(folder);
    expect(counts(cut)).toEqual([1, 2, 3, null, null]);
    expect(cut.metadata.nxc.status).toBe('running');

    await writeFile(join(folder, 'go'), '');
    const resumed = await nxc(['run', 'study.ipynb', '--resume'], { cwd: folder });
    expect(resumed.status, resumed.stderr).toBe(0);
    expect(resumed.stdout).toMatch(/✔ 3\/5 .*ran before\n✔ 4\/5 .* s\n/);
    const whole = await executed(folder);
    expect(counts(whole)).toEqual([1, 2, 3, 4, 5]);
    // The third cell was not run a second time; what the first one defines is there again.
    // That its own deployment runs already is what it goes on from, and nothing to say.
    expect(printed(whole)[3]).toBe('hello function first\n\n');
    expect(whole.metadata.nxc.status).toBe('ok');
    // As a whole run does: what it started ends with it.
    expect((await nxc(['status'], { cwd: folder })).stdout).toContain('nothing of');
  });

  it('waits until the kernel of a run that was killed has ended, and so does the next run, which takes its deployment over', async () => {
    const folder = await builtProject(['foo']);
    const tmp = await temporaryFolder();
    await write(folder, [
      // Its kernel waits for code that ends in order.
      "process.on('SIGTERM', async () => { await new Promise(resolve => setTimeout(resolve, 2000)); });",
      '%nxc start',
      "if (!(await import('node:fs')).existsSync('go')) await new Promise(() => {});",
    ]);
    for (const words of [[], ['--resume']]) {
      await rm(join(folder, 'go'), { force: true });
      const killed = spawn(process.execPath, [EXECUTABLE, 'run', 'study.ipynb'], {
        cwd: folder,
        env: { ...process.env, TMPDIR: tmp },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      onTestFinished(() => void killed.kill('SIGKILL'));
      let said = '';
      killed.stdout.setEncoding('utf8').on('data', text => (said += text));
      await until(() => said.includes('✔ 2/3'), 60_000);
      killed.kill('SIGKILL');
      await once(killed, 'exit');
      await writeFile(join(folder, 'go'), '');
      const next = await nxc(['run', 'study.ipynb', ...words], { cwd: folder, env: { TMPDIR: tmp } });
      expect(await readdir(tmp)).toEqual([]);
      expect(next).toMatchObject({ status: 0, stderr: '' });
      const shown = words.length > 0 ? next.stdout : JSON.stringify((await executed(folder)).cells[1]);
      expect(shown).toContain('wait for the kernel that started composition::local, and is ending');
      // It was the next run's, and ended with it.
      expect((await nxc(['status'], { cwd: folder })).stdout).toContain('nothing of');
    }
  });

  it('says which cell made a variable that is gone, and runs that cell again when it is tagged setup', async () => {
    const folder = await temporaryFolder();
    const cells = (tags: string[]) => [
      { source: 'const answer = await Promise.resolve(42);\nconsole.log("made");', tags },
      "if (!(await import('node:fs')).existsSync('go')) throw new Error('not yet');",
      'console.log(answer);',
    ];
    for (const tags of [[], ['setup']]) {
      await write(folder, cells(tags));
      expect((await nxc(['run', 'study.ipynb'], { cwd: folder })).status).toBe(1);
      await writeFile(join(folder, 'go'), '');
      const { status, stderr } = await nxc(['run', 'study.ipynb', '--resume'], { cwd: folder });
      await rm(join(folder, 'go'));
      expect(status, stderr).toBe(tags.length ? 0 : 1);
      if (tags.length === 0)
        expect(stderr).toContain(
          '"answer" was made by In [1], which --resume did not run again. Tag that cell "setup"',
        );
      else expect(printed(await executed(folder))).toEqual(['made\n', '', '42\n']);
    }
  });

  it('keeps parameters, folder and environment', async () => {
    const folder = await temporaryFolder();
    await write(folder, [
      { source: 'let n = 1;', tags: ['parameters'] },
      '%env COLOUR=red\nawait 0;\n%cd /usr',
      `if (!(await import('node:fs')).existsSync('${folder}/go')) throw new Error('not yet');\nconsole.log(n, process.env.COLOUR, process.cwd());`,
    ]);
    expect((await nxc(['run', 'study.ipynb', '-p', 'n=7'], { cwd: folder })).status).toBe(1);
    await writeFile(join(folder, 'go'), '');
    const { status, stderr } = await nxc(['run', 'study.ipynb', '--resume'], { cwd: folder });
    expect(status, stderr).toBe(0);
    expect(printed(await executed(folder))[3]).toBe('7 red /usr\n');
  });

  it('refuses where the deployment is over, a cell was changed, or nothing was run; --keep leaves the deployment', async () => {
    const folder = await builtProject(['foo']);
    await write(folder, ['1', '%nxc start', 'throw new Error("no")']);
    const resume = () => nxc(['run', 'study.ipynb', '--resume'], { cwd: folder });
    const nothing = await resume();
    expect(nothing.status).toBe(2);
    expect(nothing.stderr).toMatch(
      /there is nothing to resume\n *found: no .*study\.executed\.ipynb, which nxc run writes after every cell\n.*without --resume.*-o/,
    );
    const elsewhere = await nxc(['run', 'study.ipynb', '--resume', '-o', 'new/out.ipynb'], { cwd: folder });
    expect(elsewhere).toMatchObject({ status: 2, stderr: expect.stringMatching(/no .*new\/out\.ipynb/) });
    expect(existsSync(join(folder, 'new'))).toBe(false);
    // A run that fails stops what it started.
    expect((await nxc(['run', 'study.ipynb'], { cwd: folder })).status).toBe(1);
    expect((await resume()).stderr).toMatch(
      /the deployment that In \[2\] started does not run any more[\s\S]*--keep/,
    );

    expect((await nxc(['run', 'study.ipynb', '--keep'], { cwd: folder })).status).toBe(1);
    await write(folder, ['1', '%nxc start', 'console.log(await foo.succeed("echo alive"))']);
    const resumed = await resume();
    expect(resumed.status, resumed.stderr).toBe(0);
    expect(printed(await executed(folder))[2]).toContain('alive');

    // All of it has run: there is nothing that the deployment, which ended with the run, would be needed for.
    expect(await resume()).toMatchObject({ status: 0, stderr: '' });
    expect(printed(await executed(folder))[2]).toContain('alive');

    await write(folder, ['2', '%nxc start', '3']);
    expect((await resume()).stderr).toMatch(/code cell 1 is another one than in the run that ended/);
  });
});
