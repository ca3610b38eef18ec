import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { service } from '../flavours/local/deployment.js';
import { EXECUTABLE, nxc } from '../helpers/executable.js';
import { builtProject } from '../helpers/local-project.js';
import { temporaryFolder } from '../helpers/temporary.js';

const missing = spawnSync('script', ['--version']).error ? ' (skipped: no `script` of util-linux)' : '';
const ctrl = { c: '\x03', d: '\x04' };

/** `nxc driver` in a terminal, with a history of its own. */
async function prompt(...options: string[]) {
  const project = await builtProject(['foo', 'bar-1'], '', [service('web', 'exec sleep 1000')]);
  const home = await temporaryFolder();
  expect(await nxc(['start'], { cwd: project })).toMatchObject({ status: 0 });
  const command = ['stty cols 100;', process.execPath, EXECUTABLE, 'driver', ...options].join(' ');
  const terminal = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: project,
    env: { ...process.env, TERM: 'xterm', HOME: home, XDG_DATA_HOME: join(home, 'data') },
  });
  onTestFinished(() => void terminal.kill('SIGKILL'));
  let screen = '';
  let seen = 0;
  terminal.stdout.setEncoding('utf8').on('data', text => {
    screen += text;
  });
  const ended = new Promise(resolve => terminal.once('close', resolve));
  /** Waits for text that was not waited for yet. */
  const shows = async (text: string) => {
    await expect.poll(() => screen.slice(seen), { timeout: 10_000 }).toContain(text);
    seen = screen.indexOf(text, seen) + text.length;
  };
  const type = (text: string) => void terminal.stdin.write(text);
  return { home, type, shows, ended, screen: () => screen };
}

describe.skipIf(missing)(`nxc driver in a terminal${missing}`, () => {
  it('is a prompt for Python that knows machines, blocks of lines and values', async () => {
    const { home, type, shows, ended } = await prompt();
    await shows('Python with bar-1, foo.');
    await shows('>>> ');
    type('foo.succeed("echo -n $((40 + 2))")\r');
    await shows("'42'");
    type('for machine in machines:\r');
    await shows('... ');
    type('    print("name is", machine.name)\r\r');
    await shows('name is bar-1');
    await shows('name is foo');
    type('bar_1.get_unit_pro\t');
    await shows('bar_1.get_unit_property');
    type(ctrl.c);
    await shows('>>> ');
    type('foo.wait_for_unit("we\t');
    await shows('foo.wait_for_unit("web.service');
    type(ctrl.c);
    await shows('>>> ');
    type('with subtest("it works"):\r    foo.fail("false")\r\r');
    await shows('it works');
    await shows('passed');
    type('input("who? ")\r');
    await shows('who? ');
    type('Ada\r');
    await shows("'Ada'");
    type('foo.succeed("exit 3")\r');
    await shows('In[5] failed at line 1');
    await shows('status 3');
    type(ctrl.d);
    expect(await ended).toBe(0);
    const history = join(home, 'data', 'nxc', 'driver-python.history');
    expect(await readFile(history, 'utf8')).toContain('foo.succeed("exit 3")\n');
  });

  it('Ctrl-C interrupts the call that runs and keeps the variables', async () => {
    const { type, shows, ended } = await prompt();
    await shows('>>> ');
    type('kept = 7; print("be" + "gun"); foo.succeed("sleep 1000")\r');
    await shows('begun');
    type(ctrl.c);
    await shows('was interrupted');
    type('os._exit(4)\r');
    await shows('ended with status 4');
    type('foo.succeed("echo still there")\r');
    await shows("'still there");
    type('exit(5)\r');
    expect(await ended).toBe(5);
  });

  it('--ts is a prompt for TypeScript with the same machines', async () => {
    const { home, type, shows, ended, screen } = await prompt('--ts');
    await shows('TypeScript with bar-1, foo. Tab completes, Ctrl-C interrupts, Ctrl-D ends.');
    await shows('> ');
    type('const text: string = await foo.succeed("echo -n $((40 + 2))")\r');
    await shows('undefined');
    type('text + "!"\r');
    await shows("'42!'");
    type('foo.systemctl("status we\t');
    await shows('foo.systemctl("status web.service');
    type(ctrl.c);
    await shows('> ');
    type('typeof nodes.byRo\t');
    await shows('le');
    type(' === "function"\r');
    await shows('true');
    type('function twice(x: number) {\r');
    type('return 2 * x }\r');
    type('twice(21)\r');
    await shows('42');
    type('(await nodes.byRole("foo").execute("hostname"))[0].stdout\r');
    await shows("'foo\\n'");
    type('console.log(await foo.succeed("printf \'a\\\\033]0;title\\\\007b\'"))\r');
    await shows('ab\r\n');
    expect(screen()).not.toContain('\x1b]0;');
    type('await foo.succeed("exit 3")\r');
    await shows('command failed on foo');
    await shows('> ');
    expect(screen()).not.toMatch(/at Machine\.failed|parts: \{/);
    type('console.log("be" + "gun"); await foo.succeed("sleep 1000")\r');
    await shows('begun');
    type(ctrl.c);
    await shows('InterruptedError: interrupted');
    type('1 + 1\r');
    await shows('2');
    type(ctrl.d);
    expect(await ended).toBe(0);
    expect(existsSync(join(home, 'data', 'nxc', 'driver-typescript.history'))).toBe(true);
  });

  it('runs what is piped into it', async () => {
    const project = await builtProject(['foo']);
    expect(await nxc(['start'], { cwd: project })).toMatchObject({ status: 0 });
    const piped = spawnSync(process.execPath, [EXECUTABLE, 'driver'], {
      cwd: project,
      input: 'print("piped", foo.succeed("echo -n in"))\nfoo.succeed("exit 9")\n',
      encoding: 'utf8',
    });
    expect(piped).toMatchObject({ status: 1, stdout: 'piped in\n' });
    expect(piped.stderr).toContain('<stdin> failed at line 2');
    const nothing = spawnSync(process.execPath, [EXECUTABLE, 'driver'], { cwd: project, input: '' });
    expect(nothing.status).toBe(2);
  });
});
