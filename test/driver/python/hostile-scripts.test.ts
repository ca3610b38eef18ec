import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { outputLimit } from '../../../src/driver/python/limited-output.js';
import { scripts } from '../scripts-harness.js';

const { python, session } = scripts();
afterAll(() => python.close());

/** After whatever a script did: the driver runs the next one. */
const stillWorks = async () => {
  const { run, display } = session();
  await run('print(server.succeed("echo -n fine"))');
  expect(display.text).toBe('fine\n');
};

const alive = (marker: string) => spawnSync('pgrep', ['-f', marker]).status === 0;

describe('a test script that misbehaves', () => {
  it.each([
    ['prints without end', 'line = "x" * 1000\nfor _ in range(1_000_000): print(line)'],
    [
      'has a program print without end',
      'import subprocess\nsubprocess.run("yes | head -c 1000000000", shell=True)',
    ],
  ])('and %s shows the beginning, says so, and keeps the front free', async (_, source) => {
    const { run, display } = session();
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 20);
    await run(source);
    clearInterval(ticking);
    expect(display.text).toContain('more output than 4 MiB: the rest is not shown');
    expect(display.text.length).toBeLessThan(outputLimit + 1000);
    expect(ticks).toBeGreaterThan(5);
    await run('print("the next run is heard")');
    expect(display.text.endsWith('the next run is heard\n')).toBe(true);
    await stillWorks();
  });

  it('and forks has a child that cannot use machines, and goes on itself', async () => {
    const { run, display } = session();
    await run(`
pid = os.fork()
if pid == 0:
    try:
        server.succeed("true")
    except Exception as error:
        print("child:", error)
else:
    os.waitpid(pid, 0)
    print("parent:", server.succeed("echo -n works"))
`);
    await expect
      .poll(() => display.text, { timeout: 20_000 })
      .toContain('child: machine.succeed: a forked process cannot use machines; use threading');
    expect(display.text).toContain('parent: works');
    await stillWorks();
  });

  it('and runs a worker process of multiprocessing is let', async () => {
    const { run } = session();
    const { value } = await run(
      'import multiprocessing\nwith multiprocessing.get_context("fork").Pool(2) as pool:\n    squares = pool.map(abs, [-1, -2])\nsquares',
    );
    expect(await value?.toMimeBundle()).toEqual({ 'text/plain': '[1, 2]' });
  });

  it('and dies while its child holds the pipe is noticed, and the child goes too', async () => {
    const { run } = session();
    const marker = `nxc-held-${process.pid}`;
    const dies = `import subprocess\nsubprocess.Popen(["bash", "-c", "exec -a ${marker} sleep 1000"])\nos._exit(3)`;
    await expect(run(dies)).rejects.toThrow('the Python interpreter of testScript ended with status 3');
    await expect.poll(() => alive(marker), { timeout: 20_000 }).toBe(false);
    await stillWorks();
  });

  it('and leaves a daemon with the pipe behind is noticed all the same', async () => {
    const { run } = session();
    const marker = `nxc-daemon-${process.pid}`;
    const dies = `import subprocess\nsubprocess.Popen(["bash", "-c", "exec -a ${marker} sleep 1000"], start_new_session=True)\nos._exit(3)`;
    await expect(run(dies)).rejects.toThrow('ended with status 3');
    spawnSync('pkill', ['-f', marker]);
    await stillWorks();
  });

  it('and writes to every descriptor ends with what it did', async () => {
    const { run } = session();
    const scribbles = `
for descriptor in range(3, 300):
    try:
        os.write(descriptor, b"garbage\\n")
    except OSError:
        pass
server.succeed("true")
`;
    await expect(run(scribbles)).rejects.toThrow('wrote to the pipe between Python and nxc: garbage');
    await stillWorks();
  });

  it('and writes to 3 and 4 meets nobody there', async () => {
    const { run } = session();
    const { status } = await run(
      'import tempfile\nwith tempfile.TemporaryFile() as f:\n    os.write(f.fileno(), b"x\\n")',
    );
    expect(status).toBe(0);
    await expect(run('os.write(4, b"{}\\n")')).rejects.toThrow(/OSError.*Bad file descriptor/);
    await stillWorks();
  });

  it('and reads its standard input asks the person, who is not there', async () => {
    const { run } = session();
    await expect(run('import sys\nsys.stdin.readline()')).rejects.toThrow(/line 2:[\s\S]*nobody to ask/);
    await expect(run('sys.stdin.read()')).rejects.toThrow('read lines, with input()');
    await expect(run('debug.breakpoint()\nx = 1')).rejects.toThrow('nobody to ask');
    await expect(run('exit(4)')).resolves.toMatchObject({ status: 4, exited: true });
    await stillWorks();
  });

  it('and never ends is interrupted where it is', async () => {
    const { run, display } = session();
    const controller = new AbortController();
    const running = run('print("begun")\nwhile True:\n    pass', { signal: controller.signal });
    await expect.poll(() => display.text, { timeout: 20_000 }).toContain('begun');
    controller.abort();
    await expect(running).rejects.toThrow(/testScript was interrupted at line [23]:\n/);
    await stillWorks();
  });

  it('and recurses without end shows the beginning and the end of it', async () => {
    const { run } = session();
    const error = (await run('def f():\n    f()\nf()').catch(reason => reason)) as Error;
    expect(error.message).toMatch(/RecursionError/);
    expect(error.message.split('\n').length).toBeLessThan(40);
    await stillWorks();
  });

  it('and fails in a thread tells of it', async () => {
    const { run, display } = session();
    await run(
      'import threading\nthread = threading.Thread(target=lambda: server.succeed("exit 5"), name="worker")\nthread.start()\nthread.join()',
    );
    expect(display.text).toMatch(
      /worker failed:\n {2}testScript line 2: .*\nRequestedAssertionFailed: command failed/,
    );
    await stillWorks();
  });

  it.each([
    [
      'raises what has no text',
      'class E(Exception):\n    def __str__(self):\n        raise ValueError\nraise E',
      /E: its text cannot be made/,
    ],
    [
      'raises what holds itself',
      'e = Exception("x")\ne.data = [e]\ne.data.append(e.data)\nraise e',
      /Exception: x/,
    ],
    [
      'records what is no data',
      'sweep({"a": [1]}, lambda point: {"b": lambda: 1})',
      /line 1:[\s\S]*row\.b is a function/,
    ],
    [
      'shows what has no text',
      'class R:\n    def __repr__(self):\n        return 1 / 0\nR()',
      /line 3:[\s\S]*ZeroDivisionError/,
    ],
    ['gives no number for a time', 'server.execute("true", timeout=float("nan"))', /needs timeout/],
  ])('and %s is told at its line', async (_, source, message) => {
    await expect(session().run(source)).rejects.toThrow(message);
    await stillWorks();
  });

  it('and shows rows of anything has a table of texts', async () => {
    const { value } = await session().run('row = {(1, 2): float("nan"), "ok": 1}\nrow["self"] = row\n[row]');
    expect((await value?.toMimeBundle())?.['text/plain']).toMatch(/\(1, 2\) +ok +self\n.*\n +NaN +1 +/);
    await stillWorks();
  });

  it('and waits for ever may', async () => {
    const { run, display } = session();
    await run(
      'print(server.execute("echo -n now", timeout=float("inf")).stdout, server.wait_until_succeeds("true", timeout=10**12))',
    );
    expect(display.text).toBe('now \n');
  });
});
