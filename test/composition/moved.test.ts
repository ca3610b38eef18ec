import { cpSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nxc } from '../helpers/executable.js';
import { buildIn, roleFile } from './build.js';
import { temporaryFolder } from './temporary.js';

/** A unit that writes what it reads through two packages, the second of which names the first by its path. */
const composition = (word: string): string =>
  roleFile(`
    systemd.services.say = let
      data = pkgs.writeText "data" (builtins.readFile ./data.txt + "${word}");
      script = pkgs.writeShellScript "say" "cat \${data} > /tmp/said";
    in { wantedBy = [ "multi-user.target" ]; serviceConfig = { Type = "oneshot"; RemainAfterExit = true; ExecStart = "\${script}"; }; };
    environment.etc."app/data".source = ./data.txt;`);

function projectOf(word: string): string {
  const project = join(temporaryFolder(), 'one');
  cpSync(temporaryFolder({ 'composition.nix': composition(word), 'data.txt': 'data ' }), project, {
    recursive: true,
  });
  return project;
}

/** What the nodes of a project that is started have; it is stopped after the test. */
async function started(project: string): Promise<string> {
  const start = await nxc(['start'], { cwd: project });
  expect(start.stderr + start.stdout).toContain('foo');
  expect(start.status).toBe(0);
  onTestFinished(async () => void (existsSync(project) && (await nxc(['stop'], { cwd: project }))));
  return (await nxc(['exec', 'foo', '--', 'cat /tmp/said /etc/app/data'], { cwd: project })).stdout;
}

const change = (project: string, word: string) =>
  writeFileSync(join(project, 'composition.nix'), composition(word));

describe('a project', () => {
  it('that was copied is built and started by itself, whatever becomes of the other', {
    timeout: 120_000,
  }, async () => {
    const one = projectOf('one');
    const two = `${one}-two`;
    await buildIn(one);
    cpSync(one, two, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    const early = await nxc(['start'], { cwd: two });
    expect(early.stderr).toMatch(
      /was made in another folder\nfound: it is of \S+one, from where the project was copied or moved\nto do: build again: nxc build/,
    );
    // The same text in both, and then another in the first.
    const { specs, hash } = await buildIn(two);
    expect(JSON.stringify(specs)).not.toContain(`${one}/`);
    expect(hash).toBe((await buildIn(one)).hash);
    writeFileSync(join(one, 'data.txt'), 'changed ');
    change(one, 'first');
    await buildIn(one);
    expect(await started(two)).toBe('data onedata ');
    expect(await started(one)).toBe('changed firstchanged ');
  });

  it('that was moved is built and started where it is', { timeout: 120_000 }, async () => {
    const one = projectOf('one');
    const two = `${one}-two`;
    await buildIn(one);
    renameSync(one, two);
    await buildIn(two);
    expect(await started(two)).toBe('data onedata ');
    // Another one in its old place has nothing of it.
    cpSync(two, one, { recursive: true, filter: path => !path.endsWith('/deploy') });
    change(one, 'other');
    await buildIn(one);
    expect(await started(one)).toBe('data otherdata ');
    expect(await buildIn(two).then(({ hash }) => hash)).not.toBe((await buildIn(one)).hash);
  });

  it('that is moved while it runs goes on there, and says so', { timeout: 120_000 }, async () => {
    const one = projectOf('one');
    const two = `${one}-two`;
    await buildIn(one);
    expect(await started(one)).toBe('data onedata ');
    renameSync(one, two);
    onTestFinished(async () => void (await nxc(['stop'], { cwd: two })));
    const first = await nxc(['status'], { cwd: two });
    expect(first.stdout + first.stderr).toContain(`moved from ${one}`);
    expect((await nxc(['exec', 'foo', '--', 'cat /tmp/said'], { cwd: two })).stdout).toBe('data one');
    // A node that starts again finds its packages.
    const again = await nxc(['exec', 'foo', '--', 'systemctl restart say && cat /tmp/said'], {
      cwd: two,
    });
    expect(again.stdout).toBe('data one');
    expect(await nxc(['stop'], { cwd: two })).toMatchObject({ status: 0 });
    expect(readFileSync(join(two, 'data.txt'), 'utf8')).toBe('data ');
  });
});
