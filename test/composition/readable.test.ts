import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nxc } from '../helpers/executable.js';
import { build, buildIn, failure, roleFile } from './build.js';
import { temporaryFolder } from './temporary.js';

/** A project and, beside it, what is not of it. */
function neighbours(body: string, files: Record<string, string> = {}): { project: string; outside: string } {
  const folder = temporaryFolder({
    'outside/secret.nix': '"secret"',
    'outside/folder/a': 'a',
    'project/composition.nix': roleFile(body),
    'project/inside.nix': '"inside"',
  });
  const project = join(folder, 'project');
  for (const [name, content] of Object.entries(files)) writeFileSync(join(project, name), content);
  return { project, outside: join(folder, 'outside') };
}

const refusal = async (project: string): Promise<string> =>
  buildIn(project).then(
    () => 'built',
    error => (error as Error).message,
  );

describe('a composition', () => {
  it.each([
    ['import', 'import ../outside/secret.nix'],
    ['imports of a role', 'null; imports = [ ../outside/secret.nix ]'],
    ['readFile', 'builtins.readFile ../outside/secret.nix'],
    ['readFile of an absolute path', 'builtins.readFile "/etc/passwd"'],
    ['readFile of a home', 'builtins.readFile ~/.bashrc'],
    ['readDir', 'toString (builtins.attrNames (builtins.readDir ../outside))'],
    ['readFileType', 'builtins.readFileType ../outside/secret.nix'],
    ['hashFile', 'builtins.hashFile "sha256" ../outside/secret.nix'],
    ['a path in a string', '"${../outside/folder}"'],
    ['builtins.path', 'builtins.path { path = ../outside/folder; }'],
    ['filterSource', 'builtins.filterSource (_: _: true) ../outside/folder'],
    ['toJSON of a path', 'builtins.toJSON ../outside/secret.nix'],
    ['lib.importJSON', 'lib.importJSON ../outside/secret.nix'],
    ['scopedImport', 'scopedImport { } ../outside/secret.nix'],
    ['/proc', 'builtins.readFile "/proc/self/environ"'],
    ['a link', 'import ./link.nix'],
    ['a folder that is a link', 'builtins.readFile ./folder/a'],
    ['a way through a link', 'builtins.readFile ./folder/../secret.nix'],
  ])('does not read outside of its project: %s', async (_, expression) => {
    const { project, outside } = neighbours(`environment.variables.A = ${expression};`);
    symlinkSync(join(outside, 'secret.nix'), join(project, 'link.nix'));
    symlinkSync(join(outside, 'folder'), join(project, 'folder'));
    expect(await refusal(project)).toMatch(/outside of the project|there is no file \S*project\/secret.nix/);
  });

  it('finds nothing outside of its project', async () => {
    const { project } = neighbours(
      'environment.variables.A = lib.boolToString (builtins.pathExists ../outside);',
    );
    expect((await buildIn(project)).specs.foo!.variables.A).toBe('false');
  });

  it('does not have files of this machine copied to nodes', async () => {
    const { project } = neighbours('environment.etc.a.source = "/etc/shadow";');
    expect(await refusal(project)).toContain('/etc/shadow is outside of the project');
  });

  it('reads all of that with --impure', async () => {
    const { project } = neighbours('environment.variables.A = import ../outside/secret.nix;');
    expect((await buildIn(project, { impure: true })).specs.foo!.variables.A).toBe('secret');
    const denied = await nxc(['build'], { cwd: project });
    expect(denied.stderr).toContain('allow it with --impure');
    expect((await nxc(['build', '--impure'], { cwd: project })).status).toBe(0);
    // What was allowed once is not allowed for good.
    expect((await nxc(['build'], { cwd: project })).status).not.toBe(0);
  });

  it('reads what lies in the git repository of its project, as a flake does', async () => {
    const folder = temporaryFolder({
      'shared/value.nix': '"shared"',
      'lab/composition.nix': roleFile('environment.variables.A = import ../shared/value.nix;'),
    });
    expect(await refusal(join(folder, 'lab'))).toContain('outside of the project');
    execFileSync('git', ['init', '-q', folder]);
    expect((await buildIn(join(folder, 'lab'))).specs.foo!.variables.A).toBe('shared');
  });

  it('reads through links that stay in its project, and in a project that is a link', async () => {
    const { project } = neighbours('environment.variables.A = import ./link.nix;');
    symlinkSync('inside.nix', join(project, 'link.nix'));
    symlinkSync(project, join(project, '../linked'));
    expect((await buildIn(join(project, '../linked'))).specs.foo!.variables.A).toBe('inside');
  });

  it('that nxc.json names may not lie outside; one that the command line names may', async () => {
    const { project, outside } = neighbours('', { 'nxc.json': '{"composition": "../outside/other.nix"}' });
    writeFileSync(join(outside, 'other.nix'), roleFile('environment.variables.A = import ./secret.nix;'));
    expect(await refusal(project)).toContain('outside of the project');
    const named = await buildIn(project, { compositionFile: join(outside, 'other.nix') });
    expect(named.specs.foo!.variables.A).toBe('secret');
  });

  it.each([
    ['a FIFO', (path: string) => void spawnSync('mkfifo', [path])],
    ['a folder', (path: string) => mkdirSync(path)],
    ['a socket', (path: string) => socketAt(path)],
  ])('reads no %s', async (what, make) => {
    for (const expression of ['import ./odd', 'builtins.readFile ./odd', '"${./odd}"']) {
      const folder = temporaryFolder({
        'composition.nix': roleFile(`environment.variables.A = ${expression};`),
      });
      await make(join(folder, 'odd'));
      if (what === 'a folder' && expression.includes('${')) continue;
      expect(await refusal(folder)).toMatch(/it is a (FIFO|socket|folder)|there is no file .*default.nix/);
    }
  });

  it('names what a folder has that cannot be copied', async () => {
    const folder = temporaryFolder({
      'composition.nix': roleFile('environment.etc.x.source = ./data;'),
      'data/a/file': '',
    });
    spawnSync('mkfifo', [join(folder, 'data/a/pipe')]);
    expect(await refusal(folder)).toMatch(/cannot read .*data\b.*found: a\/pipe: it is a FIFO/s);
  });

  it.each(['/dev/zero', '/dev/random', '/dev/tty', '/proc/kmsg'])('reads no device: %s', async device => {
    const folder = temporaryFolder({
      'composition.nix': roleFile(`environment.variables.A = builtins.readFile "${device}";`),
    });
    const error = await buildIn(folder, { impure: true }).catch(error => error as Error);
    expect(String(error)).toMatch(/cannot read the file|there is no file/);
  });

  it('reads no file that would fill the memory', async () => {
    const folder = temporaryFolder({
      'composition.nix': roleFile('environment.variables.A = builtins.readFile ./large;'),
      large: '',
    });
    truncateSync(join(folder, 'large'), 2 ** 33);
    expect(await refusal(folder)).toContain('it has more than 64 MB');
  });

  it('that needs more memory than there is for it is an error, and the next one works', async () => {
    const bomb = 'let f = n: s: if n == 0 then s else f (n - 1) (s + s); in';
    expect(
      await failure(
        roleFile(
          `environment.variables.A = ${bomb} builtins.toJSON (lib.genList (n: f 20 "\${toString n}abcdefghijk") 200);`,
        ),
      ),
    ).toMatch(/^the evaluation needs more than \d+ MB of memory\nto do: /);
    expect((await build(roleFile('environment.variables.A = "x";'))).specs.foo!.variables.A).toBe('x');
  });
});

describe('files of a project', () => {
  it.each(['nxc.json', 'setup.toml', 'deploy/c::local.json', 'build/composition::local'])(
    'hold nobody up when %s is a FIFO',
    async name => {
      const { project } = neighbours('');
      mkdirSync(join(project, 'deploy'));
      mkdirSync(join(project, 'build'));
      spawnSync('mkfifo', [join(project, name)]);
      const verb = name.startsWith('deploy') ? ['status'] : name.startsWith('build/') ? ['start'] : ['build'];
      const { stdout, stderr } = await nxc(verb, { cwd: project });
      expect(stdout + stderr).toContain('it is a FIFO, and no file');
    },
  );
});

describe('nxc eval', () => {
  it('reads what is in the folder, or the project; the rest with --impure', async () => {
    const { project } = neighbours('');
    const evaluated = async (...words: string[]) =>
      (await nxc(['eval', ...words], { cwd: project })).stdout.trim();
    expect(await evaluated('-E', 'import ./inside.nix')).toBe('"inside"');
    expect(await evaluated('../outside/secret.nix')).toBe('"secret"');
    expect(await evaluated('-E', 'import ../outside/secret.nix')).toBe('');
    expect(await evaluated('--impure', '-E', 'import ../outside/secret.nix')).toBe('"secret"');
  });
});

async function socketAt(path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(path, resolve));
  onTestFinished(() => void server.close());
}
