import { execFile } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { EXECUTABLE, nxc } from '../helpers/executable.js';
import { builtProject } from '../helpers/local-project.js';
import { temporaryFolder } from '../helpers/temporary.js';

describe('nxc in a terminal', () => {
  it('lists its commands, explains one, and tells its version', async () => {
    const cwd = await temporaryFolder();
    const overview = await nxc([], { cwd });
    expect(overview).toMatchObject({ status: 0, stderr: '' });
    expect(overview.stdout).toMatch(/^ {2}start +bring up the nodes/m);
    expect((await nxc(['start', '--help'], { cwd })).stdout).toMatch(/Usage: nxc start .*--role/s);
    expect((await nxc(['help', 'start'], { cwd })).stdout).toContain('Usage: nxc start');
    expect((await nxc(['--version'], { cwd })).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    ['an unknown command', ['strat'], 1, 'did you mean start?'],
    ['an unknown option', ['build', '--flavor', 'local'], 2, 'did you mean --flavour?'],
    ['a missing argument', ['exec'], 2, 'nxc exec --help'],
    [
      'a duration that is none',
      ['exec', 'foo', '--timeout', 'soon', '--', 'true'],
      2,
      '"soon" is not a duration',
    ],
    [
      'a time limit that no timer keeps',
      ['exec', 'foo', '--timeout', '600h', '--', 'true'],
      2,
      '"600h" is too long for a time limit\nto do: write at most 596 h 31 min',
    ],
    ['a start without a build', ['start'], 1, 'there is no build in '],
    ['a start without a build of a flavour', ['start', '-f', 'locl'], 1, 'no build for flavour "locl" in '],
    ['an unknown flavour', ['build', '-f', 'locl'], 1, 'did you mean local?'],
    [
      'a flavour called like a method',
      ['build', '-f', 'constructor'],
      1,
      'there is no flavour "constructor"',
    ],
    [
      'a kernel whose connection file is gone',
      ['kernel', 'start', '--connection-file', 'gone.json'],
      1,
      'the connection file gone.json cannot be read',
    ],
    [
      'a kernel whose connection file, given with =, is gone',
      ['kernel', 'start', '--connection-file=gone.json'],
      1,
      'the connection file gone.json cannot be read',
    ],
    ['an unknown node', ['exec', 'foo', '--', 'true'], 1, 'nothing is running here'],
  ])('answers %s with a line about it and what to do', async (_, words, status, message) => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'composition.nix'), '{ ... }: { roles.foo = { }; }');
    const ran = await nxc(words, { cwd });
    expect(ran.stderr).toContain(message);
    expect(ran.stderr).not.toMatch(/\n +at /);
    expect(ran.status).toBe(status);
  });

  it('says how to make a project where there is none', async () => {
    const ran = await nxc(['build'], { cwd: await temporaryFolder() });
    expect(ran).toMatchObject({ status: 1, stdout: '' });
    expect(ran.stderr).toContain('nxc init');
  });

  it('works in another folder with -d', async () => {
    const project = await builtProject();
    const { stdout, status } = await nxc(['-d', project, 'status'], { cwd: await temporaryFolder() });
    expect(stdout).toContain(`nothing of ${project} is running`);
    expect(status).toBe(0);
  });
});

describe('a deployment from the terminal', () => {
  it('starts, is used, and stops without leaving a record', async () => {
    const cwd = await builtProject(['client', 'foo']);
    const started = await nxc(['start', '-r', 'client=2'], { cwd });
    expect(started.stderr).toBe('');
    expect(started.stdout).toMatch(/client1 .*running.*client2 .*running.*foo .*running/s);

    const record = join(cwd, 'deploy/composition::local.json');
    expect((await stat(record)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(record, 'utf8'))).toMatchObject({
      'x-nxc': { state: 'running', project: cwd },
    });

    expect(await nxc(['exec', 'foo', '--', 'hostname'], { cwd })).toMatchObject({
      status: 0,
      stdout: 'foo\n',
    });
    const all = await nxc(['status', '--all'], { cwd });
    expect(all.stdout).toContain(`3/3 up  ${cwd}`);

    const stopped = await nxc(['stop'], { cwd });
    expect(stopped.stdout).toContain('3 nodes are gone');
    expect(await readdir(join(cwd, 'deploy'))).toEqual([]);
    expect((await nxc(['stop'], { cwd })).stdout).toBe('nothing is running\n');
  });

  it('passes the exit status on, of many nodes that of the first that failed', async () => {
    const cwd = await builtProject(['client', 'foo']);
    await nxc(['start', '-r', 'client=2'], { cwd });
    const run = (...words: string[]) => nxc(['exec', ...words], { cwd });
    expect((await run('foo', '--', 'exit 7')).status).toBe(7);
    expect(await run('foo', '--timeout', '200ms', '--', 'sleep 20')).toMatchObject({
      status: 124,
      stderr: 'foo: killed after 200 ms\n',
    });
    expect((await run('foo', '--', 'printf', '%s', "it's; $HOME")).stdout).toBe("it's; $HOME");
    expect((await run('foo', '--', 'echo out; echo err >&2')).stderr).toBe('err\n');
    const many = await run('@client', '--keep-going', '--', 'echo $HOSTNAME; [ $HOSTNAME = client1 ]');
    expect(many.status).toBe(1);
    expect(many.stdout).toMatch(/^client1 │ client1$/m);
    expect(many.stdout).toMatch(/^client2 │ client2$/m);
    expect(many.stdout).toMatch(/client1 +ok .*\nclient2 +ended with status 1/);
    expect((await run('clent1', '--', 'true')).stderr).toContain('did you mean client1');
  });

  it('passes bytes on as they are, in both directions, and says when nobody is meant', async () => {
    const cwd = await builtProject();
    await nxc(['start'], { cwd });
    const shell = (script: string) =>
      promisify(execFile)('bash', ['-c', script, 'bash', process.execPath, EXECUTABLE], {
        cwd,
        encoding: 'buffer',
      })
        .then(({ stdout }) => ({ stdout, code: 0, stderr: Buffer.alloc(0) }))
        .catch((error: { code: number; stdout: Buffer; stderr: Buffer }) => error);
    const bytes = await shell(`printf 'a\\xff\\x00\\x1b[31mb' | "$@" exec foo -i -- cat`);
    expect([...bytes.stdout]).toEqual([...Buffer.from('a\xff\x00\x1b[31mb', 'latin1')]);
    const script = await shell('echo "hostname; cd /tmp; pwd" | "$@" connect foo');
    expect(script.stdout.toString()).toBe('foo\n/tmp\n');
    expect(script.stderr.toString()).toBe('');
    expect(await nxc(['exec', ',', '--', 'true'], { cwd })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no node is named'),
    });
    const misplaced = await nxc(['exec', 'foo', 'bash', '-c', 'true'], { cwd });
    expect(misplaced.stderr).toContain('put -- before the command');
  });

  it('says what of it failed, and that what starts is older than the composition', async () => {
    const cwd = await builtProject();
    const unit = (name: string) =>
      `systemd.services.${name} = { wantedBy = [ "multi-user.target" ]; script = "exit 3"; };`;
    const names = ['first', 'second', 'third', 'fourth'];
    await writeFile(
      join(cwd, 'composition.nix'),
      `{ ... }: { roles.foo = { ${names.map(unit).join(' ')} }; }`,
    );
    await nxc(['build'], { cwd });
    expect((await nxc(['start'], { cwd })).stderr).toMatch(
      /^foo is degraded: 4 units failed: .*first.*second.*third.*nxc logs foo/,
    );
    await writeFile(join(cwd, 'composition.nix'), '{ ... }: { roles.bar = { }; }');
    expect((await nxc(['start', '--restart'], { cwd })).stderr).toContain('was changed after this build');
  });

  it('takes names that objects have by birth for roles, and refuses those no folder can have', async () => {
    const cwd = await builtProject();
    const compose = (roles: string) =>
      writeFile(join(cwd, 'composition.nix'), `{ ... }: { roles = { ${roles} }; }`);
    await compose('constructor = { }; toString = { };');
    expect((await nxc(['build'], { cwd })).status).toBe(0);
    expect((await nxc(['start'], { cwd })).stdout).toContain('constructor');
    expect((await nxc(['exec', 'toString', 'hostname'], { cwd })).stdout).toBe('toString\n');
    await compose('"été" = { };');
    const refused = await nxc(['build'], { cwd });
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('rename the role') });
  });

  it('ends quietly when its reader has seen enough, and tells of a full disk in a line', async () => {
    const cwd = await builtProject();
    await nxc(['start'], { cwd });
    const shell = (script: string) =>
      promisify(execFile)('bash', ['-c', script, 'bash', process.execPath, EXECUTABLE], { cwd });
    const { stdout, stderr } = await shell('"$@" exec foo yes | head -1; echo ${PIPESTATUS[0]}');
    expect([stdout, stderr]).toEqual(['y\n141\n', '']);
    const full = await shell('"$@" status > /dev/full; echo $?');
    expect(full.stdout).toBe('1\n');
    expect(full.stderr).toMatch(/^the output cannot be written: ENOSPC.*\n$/);
  });

  it('whose start was killed says so everywhere, until it is stopped', async () => {
    const cwd = await builtProject();
    expect(await nxc(['start'], { cwd })).toMatchObject({ status: 0, stderr: '' });
    const file = join(cwd, 'deploy/composition::local.json');
    const record = JSON.parse(await readFile(file, 'utf8'));
    // As the record of a start is whose process was killed before its end.
    record['x-nxc'].state = 'starting';
    await writeFile(file, JSON.stringify(record));
    expect((await nxc(['status'], { cwd })).stdout).toMatch(/its start was interrupted .*nxc stop/);
    expect((await nxc(['status', '--all'], { cwd })).stdout).toContain('its start was interrupted');
    expect((await nxc(['exec', 'foo', 'true'], { cwd })).stderr).toContain(
      'a start of composition::local that was cut off',
    );
    expect((await nxc(['stop'], { cwd })).stdout).toContain('1 node is gone');
  });

  it('tells who wants a shell on a node that is off how to boot it, and of a stop that was cut off', async () => {
    const cwd = await builtProject();
    await nxc(['start'], { cwd });
    await nxc(['stop', 'foo'], { cwd });
    expect(await nxc(['connect', 'foo'], { cwd })).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/no shell on node foo: it is off[\s\S]*nxc start foo/),
    });
    const file = join(cwd, 'deploy/composition::local.json');
    const record = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...record, 'x-nxc': { ...record['x-nxc'], state: 'stopping' } }));
    expect((await nxc(['status'], { cwd })).stderr).toMatch(/its stop was cut off .*nxc stop/);
    expect((await nxc(['status', '--all'], { cwd })).stdout).toContain('1/1 up, stopping');
    expect((await nxc(['stop'], { cwd })).stdout).toContain('1 node is gone');
  });

  it('of several in a project is meant by its name, also for a test script without subtests', async () => {
    const cwd = await builtProject();
    await writeFile(
      join(cwd, 'other.nix'),
      `{ ... }: { roles.bar = { ... }: { }; testScript = "bar.succeed('true')"; }`,
    );
    await nxc(['build', 'other.nix'], { cwd });
    const started = ['other::local', 'composition::local'];
    for (const name of started) await nxc(['start', '-C', name], { cwd });
    expect((await nxc(['exec', 'bar', '--', 'hostname'], { cwd })).stderr).toContain('add -d other::local');
    expect((await nxc(['exec', '-d', 'other::local', 'bar', '--', 'hostname'], { cwd })).stdout).toBe(
      'bar\n',
    );
    expect((await nxc(['driver', '-t', '-d', 'other::local'], { cwd })).stdout).toMatch(
      /^✔ the test script passed in \d/,
    );
    expect((await nxc(['logs', '-d', 'othr::local', 'bar'], { cwd })).stderr).toContain(
      'did you mean other::local?',
    );
    const ends = [await nxc(['stop'], { cwd }), await nxc(['stop'], { cwd })];
    expect(ends.map(({ stdout }) => /other::local goes on: `nxc stop -d/.test(stdout))).toEqual([
      true,
      false,
    ]);
  });

  it('is plotted once and exported where there is no terminal', async () => {
    const cwd = await builtProject();
    for (const rest of [[], ['-o', 'run.csv']])
      expect(await nxc(['metrics', ...rest], { cwd })).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('nothing is running here'),
      });
    await nxc(['start'], { cwd });
    expect((await nxc(['plot', 'cpu'], { cwd })).stdout).toMatch(/^cpu\b.* foo .*mean/s);
    const unwritable = await nxc(['metrics', '-o', '/nosuch/run.csv'], { cwd });
    expect(unwritable).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/cannot write \/nosuch\/run.csv\nfound: its folder does not exist/),
    });
  });

  it('is stopped by Ctrl-C with everything that a command started on a node', async () => {
    const cwd = await builtProject();
    await nxc(['start'], { cwd });
    const ran = await nxc(['exec', 'foo', '--', 'sleep 300 & echo started; wait'], {
      cwd,
      onStdout: (text, interrupt) => text.includes('started') && interrupt(),
    });
    expect(ran.status).toBe(130);
    const left = await nxc(['exec', 'foo', '--', 'pgrep', '-x', 'sleep'], { cwd });
    expect(left).toMatchObject({ status: 1, stdout: '' });
  });

  it('waits with -w until it is interrupted, and then stops', async () => {
    const cwd = await builtProject();
    const ran = await nxc(['start', '-w'], {
      cwd,
      onStdout: (text, interrupt) => text.includes('until you interrupt') && interrupt(),
    });
    expect(ran.stdout).toContain('1 node is gone');
    expect(await readdir(join(cwd, 'deploy'))).toEqual([]);
  });

  it('refuses roles and names that cannot be', async () => {
    const cwd = await builtProject(['client', 'foo']);
    const start = async (...words: string[]) => (await nxc(['start', ...words], { cwd })).stderr;
    expect(await start('-r', 'clinet=2')).toContain('did you mean client?');
    expect(await start('-r', 'client=foo')).toContain('two nodes are called "foo"');
    expect(await start('-r', 'client=a_b!')).toContain('a_b!');
    expect(await start('-f', 'docker')).toContain('nxc build -f docker');
    expect(await readdir(cwd)).not.toContain('deploy');
  });
});
