import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/temporary.js';
import { scripts } from './scripts-harness.js';

const { python, session } = scripts('server.succeed("true")\nprint("from testScript")\n');

afterAll(() => python.close());

/** Most tests share an interpreter: what the ones before left is no concern of a script. */
const freshInterpreter = () => python.close();

describe('a Python test script', () => {
  it('has the symbols of the NixOS test driver', async () => {
    const { run, display } = session();
    const status = await run(`
start_all()
with subtest("outer"):
    with subtest("inner"):
        status, out = server.execute("echo $NODE_NAME; exit 3", True, 10)
        t.assertEqual(status, 3)
        assert client_1.succeed("echo -n a", "echo -n b", timeout=5) == "ab"
client_2.fail("false")
server.wait_until_succeeds("true")
server.copy_from_host_via_shell("/etc/hostname", "/tmp/nxc-python-test-$")
server.wait_for_file("/tmp/nxc-python-test-$", timeout=3)
server.succeed("rm '/tmp/nxc-python-test-$'")
retry(lambda last: True)
assert [m.name for m in machines] == ["server", "client-1", "client-2", "class"], machines
assert class_.role == "odd" and driver.machines is machines
serial_stdout_off(); join_all()
run_tests()
log.info("info"); server.log("from the server")
print("end", os.getcwd())
`);
    expect(status).toEqual({ status: 0, exited: false });
    expect(display.text).toBe('from testScript\ninfo\nserver: from the server\nend /\n');
    expect(await display.plain()).toMatch(/outer\s+✓ passed.*\n\u2003inner\s+✓ passed/);
  });

  it('keeps its variables from run to run', async () => {
    const { run, display } = session();
    await run('import json\nx = 41');
    await run('print(json.dumps(x + 1))');
    expect(display.text).toBe('42\n');
  });

  it('a failed command shows the line of the script, its callers and the command', async () => {
    const { run } = session();
    const failed = run('def check():\n    server.succeed("echo oh no >&2; exit 9")\n\ncheck()\n');
    await expect(failed).rejects.toMatchObject({
      name: 'AssertionFailed',
      message: expect.stringMatching(
        /^testScript failed at line 2:\n +1 \| def check\(\):\n +> 2 \| {5}server\.succeed.*\n {2}called from testScript line 4: check\(\)\ncommand failed on server[\s\S]*oh no/,
      ),
      data: { status: 9 },
    });
  });

  it.each([
    ['assert 1 == 2, "not so"', 'AssertionFailed', /line 1:[\s\S]*AssertionError: not so/],
    ['t.assertIn(1, [2])', 'AssertionFailed', /1 not found in \[2\]/],
    ['1/0', 'TestScriptError', /line 1:[\s\S]*ZeroDivisionError/],
    ['x = 1\nif x\n  pass', 'TestScriptError', /line 2:\n.*\n +> 2 \| if x\n +\| {5}\^\n.*\nSyntaxError/],
    ['server.wait_for_unti("x")', 'TestScriptError', /did you mean wait_for_unit/],
    ['server.succeed("true", timout=1)', 'TestScriptError', /unexpected keyword argument 'timout'/],
    [
      'server.execute("true", check_ouput=False)',
      'TestScriptError',
      /'check_ouput'; call it as execute\(command: str, check_return: bool = True, check_output: bool = True, timeout: float = 900/,
    ],
    ['server.shutdown()', 'TestScriptError', /switch of its own.*flavour host have none[\s\S]*nxc stop/],
    ['server.send_key("ctrl-c", delay=1)', 'TestScriptError', /send_key needs a screen and a keyboard/],
    ['create_machine("qemu", name="x")', 'TestScriptError', /server, client-1[\s\S]*composition\.nix/],
    ['sevrer.succeed("true")', 'TestScriptError', /name 'sevrer' is not defined\ndid you mean server/],
    ['vlan1.nic', 'TestScriptError', /one network/],
    ['server.wait_for_unit(5)', 'TestScriptError', /needs unit \(str: systemd unit.*given int 5; call it as/],
    ['server.wait_for_open_port("http")', 'TestScriptError', /needs port \(float.*given str 'http'/],
    ['server.wait_for_open_port([80])', 'TestScriptError', /needs port \(float.*given list \[80\]/],
    ['server.wait_for_open_port(True)', 'TestScriptError', /needs port \(float.*given bool True/],
    ['server.wait_for_closed_port("70000")', 'TestScriptError', /70000 is not a TCP port/],
    ['server.succeed()', 'TestScriptError', /succeed needs commands; call it as/],
    ['import json\njson.loads("{")', 'TestScriptError', /line 2:\n.*\n +> 2 .*\nJSONDecodeError/],
    [
      'try:\n  1/0\nexcept ZeroDivisionError as e:\n  raise ValueError("x") from e',
      'TestScriptError',
      /ValueError: x\ncaused by ZeroDivisionError/,
    ],
    ['serial_stdout_on()\n1/0', 'TestScriptError', /line 2:/],
  ])('%s is an error at its line', async (source, name, message) => {
    const { run } = session();
    await expect(run(source)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  });

  it('lines count from where the source begins', async () => {
    const { run } = session();
    await expect(run('assert False', { file: 'In[7]', firstLine: 1 })).rejects.toThrow(
      'In[7] failed at line 2:',
    );
  });

  it('sys.exit ends it with that status', async () => {
    const { run } = session();
    expect(await run('import sys\nsys.exit(3)')).toEqual({ status: 3, exited: true });
    expect(await run('raise SystemExit')).toEqual({ status: 0, exited: true });
  });

  it('an interrupt ends the command on the node and keeps the variables', async () => {
    const { run, display } = session();
    await run('kept = "yes"');
    const controller = new AbortController();
    const marker = `nxc-interrupt-${process.pid}`;
    const running = run(`print("begun")\nserver.succeed("exec -a ${marker} sleep 1000")`, {
      signal: controller.signal,
    });
    await expect.poll(() => display.text, { timeout: 20_000 }).toContain('begun');
    controller.abort();
    await expect(running).rejects.toMatchObject({ name: 'InterruptedError' });
    await run(`print(kept)\nserver.wait_until_fails("pgrep -f '[n]xc-interrupt-${process.pid}'", timeout=5)`);
    expect(display.text).toContain('yes');
  });

  it('a script that ignores the interrupt is killed', async () => {
    const { run, display } = session();
    const controller = new AbortController();
    const stubborn =
      'import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint("begun")\nwhile True: pass';
    const running = run(stubborn, { signal: controller.signal });
    await expect.poll(() => display.text, { timeout: 20_000 }).toContain('begun');
    controller.abort();
    await expect(running).rejects.toThrow('its variables are gone');
    expect(await run('pass')).toMatchObject({ status: 0 });
  });

  it('a second script while the first one starts the interpreter is refused, and the first one ends', async () => {
    await freshInterpreter();
    const { run, display } = session();
    const first = run('print("first")', { file: 'In[1]' });
    await expect(run('print("second")', { file: 'In[2]' })).rejects.toThrow(
      /In\[2\] cannot run[\s\S]*In\[1\]/,
    );
    expect(await first).toMatchObject({ status: 0 });
    expect(await run('print("third")')).toMatchObject({ status: 0 });
    expect(display.text).toBe('first\nthird\n');
  });

  it('an interrupt while the interpreter starts leaves it ready for the next script', async () => {
    await freshInterpreter();
    const { run, display } = session();
    const controller = new AbortController();
    const running = run('print("never")', { signal: controller.signal });
    controller.abort();
    await expect(running).rejects.toMatchObject({ name: 'InterruptedError' });
    expect(await run('print("next")')).toMatchObject({ status: 0 });
    expect(display.text).toBe('next\n');
  });

  it('a letter whose bytes come in two pieces is shown as one', async () => {
    const { run, display } = session();
    const halves = String.raw`import subprocess
subprocess.run(["bash", "-c", r"printf '\303'; sleep 0.2; printf '\251'; printf '\342\202' >&2; sleep 0.2; printf '\254' >&2"])`;
    await run(halves);
    await expect.poll(() => [...display.text].sort().join(''), { timeout: 20_000 }).toBe('é€');
  });

  it('a thread that calls a machine when no script runs gets an error', async () => {
    const { run } = session();
    const folder = await temporaryFolder();
    await run(`
import pathlib, threading, time
folder = pathlib.Path(${JSON.stringify(folder)})
def late():
    while not (folder / "go").exists():
        time.sleep(0.01)
    try:
        server.succeed("true")
    except Exception as error:
        (folder / "said").write_text(str(error))
threading.Thread(target=late, daemon=True).start()
`);
    await writeFile(join(folder, 'go'), '');
    await expect
      .poll(() => readFile(join(folder, 'said'), 'utf8').catch(() => ''), { timeout: 10_000 })
      .toContain('machine.succeed was called after its script had ended');
  });

  it('an interpreter whose pipe to nxc is broken says so and ends', async () => {
    const { run } = session();
    const broken = run(
      'os.closerange(3, 1000)\ntry:\n    print("lost")\nexcept BaseException:\n    pass\nwhile True: pass',
    );
    await expect(broken).rejects.toThrow(
      /killed by SIGKILL[\s\S]*the pipe to nxc is broken: .*Bad file descriptor/,
    );
  });

  it('an interpreter that dies is said so, and the next script gets a new one', async () => {
    const { run } = session();
    await expect(run('os.kill(os.getpid(), 9)')).rejects.toThrow('killed by SIGKILL');
    await expect(run('os._exit(5)')).rejects.toThrow('ended with status 5');
    expect(await run('pass')).toMatchObject({ status: 0 });
  });

  it('machines can be used from threads', async () => {
    const { run, display } = session();
    await run(`
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor() as pool:
    print(list(pool.map(lambda m: m.succeed("echo -n $NODE_NAME"), machines)))
`);
    expect(display.text).toBe("['server', 'client-1', 'client-2', 'class']\n");
  });

  it('what its own children print is shown as well', async () => {
    const { run, display } = session();
    await run('import subprocess\nsubprocess.run(["echo", "child"])\nos.system("echo other >&2")');
    await expect.poll(() => display.text, { timeout: 20_000 }).toBe('child\nother\n');
  });

  it('without python3 the error says how to get it', async () => {
    await freshInterpreter();
    const { run } = session();
    await expect(run('pass', { env: { PATH: '/nowhere' } } as object)).rejects.toThrow(
      /need python3[\s\S]*apt install python3/,
    );
  });
});
