import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../helpers/temporary.js';
import { scripts } from '../scripts-harness.js';

const { python, place, session } = scripts();
afterAll(() => python.close());

describe('polling_condition', () => {
  it('is checked before each call and fails the script when it no longer holds', async () => {
    const { run, display } = session();
    const folder = await temporaryFolder();
    const source = `
calls = []

@polling_condition(seconds_interval=0)
def service_up():
    "the service is up"
    calls.append(1)
    server.succeed("test ! -e ${folder}/down")

service_up.wait(timeout=5)
with service_up:
    server.succeed("true")
    server.succeed("true")
    assert len(calls) == 3, calls
    server.succeed("touch ${folder}/down")
    server.succeed("echo not reached")
`;
    await expect(run(source)).rejects.toThrow(
      /failed at line 16:[\s\S]*polling condition failed: the service is up\ncommand failed on server/,
    );
    await run('print(len(driver.polling_conditions))');
    expect(display.text).toBe('0\n');
  });

  it('is checked during waits, which end when it fails', async () => {
    const { run } = session();
    const folder = await temporaryFolder();
    const source = `
import threading

@polling_condition(seconds_interval=0.1, description="no alarm")
def quiet():
    return not os.path.exists("${folder}/alarm")

with quiet:
    threading.Timer(0.5, lambda: open("${folder}/alarm", "w").close()).start()
    server.wait_for_file("/nowhere/at/all")
`;
    await expect(run(source)).rejects.toThrow(/no alarm\nit gave False/);
  });

  it('wait says what did not come true', async () => {
    const { run } = session();
    const source = '@polling_condition\ndef never():\n    assert False, "still not"\nnever.wait(timeout=0.1)';
    await expect(run(source)).rejects.toThrow(/line 4:[\s\S]*still fails: never\nstill not/);
  });
});

describe('machines in Python', () => {
  it('run a method on all at once', async () => {
    const { run, display } = session();
    await run(`
print(machines.succeed("echo -n $NODE_NAME"))
print(machines.by_role("client").at_most(1).succeed("echo -n $NODE_NAME"))
print([status for status, _ in machines[:2].execute("exit 3")])
print(machines.map(lambda machine: machine.name.upper()))
`);
    expect(display.text).toBe(
      "['server', 'client-1', 'client-2', 'class']\n['client-1', 'client-2']\n[3, 3]\n['SERVER', 'CLIENT-1', 'CLIENT-2', 'CLASS']\n",
    );
  });

  it('run at most so many at a time, also when only some of them are taken', async () => {
    const { run, display } = session();
    await run(`
import threading

def greatest(machines, patience=0.2):
    both, counts, busy = threading.Barrier(2), [], []
    def work(machine):
        busy.append(machine)
        counts.append(len(busy))
        try:
            both.wait(patience)
        except threading.BrokenBarrierError:
            pass
        busy.remove(machine)
    machines.map(work)
    return max(counts)

print(greatest(machines.by_role("client"), patience=20))
print(greatest(machines.at_most(1).by_role("client")))
print(greatest(machines.at_most(1)[:2]), machines[:2].max_parallel)
`);
    expect(display.text).toBe('2\n1\n1 None\n');
  });

  it('that are lost are no assertion that failed, among others neither', async () => {
    const { run, display } = session();
    await run(`
def work(machine):
    if machine.role == "client":
        raise MachineError(f"{machine.name} is gone")
    assert machine.name != "class", "class is wrong"

try:
    machines.map(work)
except MachineError as error:
    print(error)
`);
    expect(display.text).toMatch(
      /^3 of 4 machines failed: client-1, client-2, class\nfound: 1 succeeded: server\nclient-1: client-1 is gone\n.*\nclass: class is wrong/,
    );
  });

  it('tell which of them failed', async () => {
    const { run } = session();
    await expect(run('machines.succeed("[ $NODE_NAME != class ]")')).rejects.toThrow(
      /1 of 4 nodes failed: class[\s\S]*3 succeeded: server/,
    );
    await expect(run('machines.succed("true")')).rejects.toThrow('did you mean succeed');
  });

  it('give results with all that is known of a command', async () => {
    const { run, display } = session();
    await run(`
result = server.execute("printf '\\\\377'; echo oops >&2; exit 4")
status, out = result
print(status, result.status, result.stderr.strip(), result.timed_out, result.node, result.stdout_bytes)
slow = server.execute("echo early; sleep 100", timeout=0.3)
print(slow.status, slow.timed_out, slow.stdout.strip(), slow.duration_ms > 200)
`);
    expect(display.text).toBe("4 4 oops False server b'\\xff'\n-1 True early True\n");
  });

  it('run a sweep that goes on where its file ends', async () => {
    const { run, display } = session();
    const file = join(await temporaryFolder(), 'rows.jsonl');
    const source = (values: string) => `
ran = []
def step(point):
    ran.append(point["size"])
    return {"double": 2 * point["size"]}
rows = sweep({"size": ${values}}, step, resume="${file}")
print(ran, [row["double"] for row in rows])
`;
    await run(source('[1, 2]'));
    await run(source('[1, 2, 3]'));
    expect(display.text).toBe('[1, 2] [2, 4]\n[3] [2, 4, 6]\n');
  });
});

describe('the value of the last line', () => {
  it.each([
    ['1 + 1', { 'text/plain': '2' }],
    ['x = 3', undefined],
    ['None', undefined],
    [
      '[{"a": 1}]',
      { 'text/plain': expect.stringContaining('a\n-\n1'), 'text/html': expect.stringContaining('<td') },
    ],
    [
      'type("H", (), {"_repr_html_": lambda self: "<b>x</b>"})()',
      { 'text/plain': expect.any(String), 'text/html': '<b>x</b>' },
    ],
    ['"y" * 1_000_000', { 'text/plain': expect.stringMatching(/… \(1000002 characters\)$/) }],
  ])('of %s', async (source, bundle) => {
    const { value } = await session().run(source);
    expect(await value?.toMimeBundle()).toEqual(bundle);
  });
});

describe('completion in Python', () => {
  const complete = async (before: string) => {
    const { word, matches } = await python.complete(before, '', place);
    return { word, names: matches.map(({ text }) => text), matches };
  };

  it('knows machines, their methods and arguments from the table', async () => {
    expect(await complete('with subtest("x"):\n    ser')).toMatchObject({
      word: 'ser',
      names: expect.arrayContaining(['server', 'serial_stdout_on']),
    });
    const methods = await complete('server.wait_for_op');
    expect(methods.names).toEqual(['wait_for_open_port', 'wait_for_open_unix_socket']);
    expect(methods.matches[0]!.signature).toBe(
      "(port: float, addr: str = 'localhost', timeout: float = 900)",
    );
    expect((await complete('client_1.copy_from_vm("a"); machines[0].exec')).names).toEqual(['execute']);
    expect((await complete('server.succeed("true", tim')).names).toEqual(['timeout=']);
  });

  it('knows what runs have made, what the code itself makes, and modules', async () => {
    await session().run('import json\nanswers = {"first": "text"}');
    expect((await complete('answ')).names).toEqual(['answers']);
    expect((await complete('json.dum')).names).toEqual(['dump', 'dumps']);
    expect((await complete('answers["first"].spl')).names).toEqual(['split', 'splitlines']);
    expect((await complete('for machinery in machines:\n    machinery')).names).toEqual(['machinery']);
    expect((await complete('import subpro')).names).toEqual(['subprocess']);
    expect((await complete('from json import du')).names).toEqual(['dump', 'dumps']);
  });

  it.each(['server.succeed("ser', '# ser', 'x = """ser', "f'{1}' 'ser", 'nothing_known.'])(
    'leaves %s alone',
    async before => {
      expect((await complete(before)).names).toEqual([]);
    },
  );

  it('does not run what it completes', async () => {
    const { run, display } = session();
    await run('def loud():\n    print("ran")\n    return server');
    expect((await complete('loud().succ')).names).toEqual([]);
    await run('print("end")');
    expect(display.text).toBe('end\n');
  });

  it('answers while a script runs', async () => {
    const { run, display } = session();
    const controller = new AbortController();
    const running = run('made = {}\nprint("begun")\nserver.sleep(1000)', { signal: controller.signal });
    await expect.poll(() => display.text, { timeout: 20_000 }).toContain('begun');
    expect((await complete('made.setd')).names).toEqual(['setdefault']);
    controller.abort();
    await expect(running).rejects.toThrow('was interrupted at line 3');
  });

  it('explains machines, methods and variables', async () => {
    const inspect = (before: string, after = '') => python.inspect(before, after, place);
    expect(await inspect('serv', 'er.succeed()')).toContain('machine server\n  role     server');
    expect(await inspect('server.wait_for_u', 'nit("x")')).toMatch(
      /^server\.wait_for_unit\(unit: str, user: str = None, timeout: float = 900\)[\s\S]*Waits until a unit is active[\s\S]*timeout {2}seconds/,
    );
    expect(await inspect('server.succeed("ls", ')).toContain('Runs commands one after the other');
    await session().run('count = 12');
    expect(await inspect('count')).toBe('count: int\n\n12');
    expect(await inspect('nothing_known')).toBeUndefined();
  });
});

describe('debug.breakpoint()', () => {
  it('asks for commands of pdb where the script is, and goes on', async () => {
    const { run, display } = session();
    const commands = ['twice = answer * 2', 'p twice', 'c', 'q'];
    const asked: string[] = [];
    Object.assign(display, {
      ask: async (prompt: string) => {
        asked.push(prompt);
        return commands.shift()!;
      },
    });
    const source =
      'answer = 21\ndebug.breakpoint()\nprint("went on with", twice)\nbreakpoint()\nprint("not reached")';
    await expect(run(source)).rejects.toThrow('the script was ended in the debugger');
    expect(asked).toEqual(['(Pdb) ', '(Pdb) ', '(Pdb) ', '(Pdb) ']);
    expect(display.text).toContain('testScript(3)<module>()\n-> print("went on with", twice)');
    expect(display.text).toContain('42\nwent on with 42\n');
    expect(display.text).not.toContain('not reached\n');
  });
});

describe('modules beside a script', () => {
  it('can be imported, and their lines are shown', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'checks.py'), 'def check(machine):\n    machine.succeed("exit 8")\n');
    await expect(session().run('import checks\nchecks.check(server)', { cwd: folder })).rejects.toThrow(
      /checks\.py failed at line 2:[\s\S]*called from testScript line 2/,
    );
  });
});
