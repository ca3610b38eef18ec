import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nxc } from '../helpers/executable.js';
import { builtProject } from '../helpers/local-project.js';

const SCRIPT = `
with subtest("script passes", points=1):
    foo.succeed("true")
with subtest("script fails", points=2):
    foo.succeed("exit 3")
`;

it('nxc run knows the subtests of cells of TypeScript and Python and of the test script, and ends with status 3', async () => {
  const folder = await builtProject(['foo'], SCRIPT);
  const sources = [
    '%nxc start',
    "await retry(() => subtest('in TypeScript', { points: 4 }, () => foo.succeed('test -e /tmp/again || { touch /tmp/again; exit 1; }')));",
    '%%nxc driver\nwith subtest("in Python", points=8):\n    foo.succeed("true")',
    '%nxc driver -t',
    'console.log("after")',
  ];
  const cells = sources.map((source, i) => ({
    cell_type: 'code',
    id: `c${i}`,
    metadata: {},
    execution_count: null,
    outputs: [],
    source,
  }));
  await writeFile(
    join(folder, 'lab.ipynb'),
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }),
  );
  const run = (...words: string[]) =>
    nxc(['run', 'lab.ipynb', '--html', 'lab.html', ...words], { cwd: folder });

  const stopped = await run();
  expect(stopped.status, stopped.stderr).toBe(3);
  expect(stopped.stdout).toContain('subtests: 3 of 4 passed, score 13 of 15 points');
  expect(stopped.stdout).toContain('In [4] script fails: command failed on foo: exit 3');
  const html = await readFile(join(folder, 'lab.html'), 'utf8');
  expect(html).toContain('1 of 4 subtests failed');
  expect(html).toContain('score 13 of 15');
  expect(html).toContain('4 of 5 cells ran');

  const allowed = await run('--allow-failures', '--junit', 'lab.xml');
  expect(allowed.status, allowed.stderr).toBe(0);
  expect(await readFile(join(folder, 'lab.html'), 'utf8')).toContain('>after</pre>');
  expect(await readFile(join(folder, 'lab.xml'), 'utf8')).toMatch(/tests="5" failures="1" errors="0"/);
});
