import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { initOf } from '../../src/flavours/local/inits.js';
import { runtimeOf } from '../../src/flavours/local/runtime.js';
import type { DeploymentRecord } from '../../src/flavours/record.js';
import { firstHome } from '../../src/flavours/runtime-home.js';
import { nxc } from '../helpers/executable.js';
import { type KernelProcess, REAL_KERNEL, run, startKernel, streamText } from '../helpers/kernel-client.js';
import { builtProject, writeBuild } from '../helpers/local-project.js';
import { temporaryFolder } from '../helpers/temporary.js';
import { until } from '../helpers/until.js';

const plain = (text: unknown) => String(text).replaceAll(/\x1b\[[\d;]*m/g, '');
const kernelIn = (cwd: string) => startKernel({ command: REAL_KERNEL, cwd });
const text = (reply: { [key: string]: unknown }) =>
  plain((reply.traceback as string[] | undefined)?.join('\n'));

describe('cells on nodes', () => {
  let kernel: KernelProcess;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    const project = await mkdtemp(join(tmpdir(), 'nxc-test-'));
    remove = () => rm(project, { recursive: true, force: true });
    await writeFile(join(project, 'nxc.json'), '{}');
    await writeBuild(project, ['client', 'foo'], 'print(foo.succeed("hostname"))');
    kernel = await kernelIn(project);
    const { reply } = await run(kernel.client, '%nxc start -r client=2');
    expect(reply.status).toBe('ok');
  });
  afterAll(async () => {
    await kernel.client.shutdown();
    await kernel.exited;
    await kernel.stop();
    await remove();
  });
  const cell = (code: string) => run(kernel.client, code);
  const output = async (code: string) => plain(streamText((await cell(code)).outputs));

  it('begin where the last cell on the node ended, unless --fresh', async () => {
    await cell('%%node foo\ncd /usr/lib; export GREETING=\'it is; "quoted"\'; local_only=1');
    expect(await output('%%node foo\npwd; echo "$GREETING$local_only"')).toBe('/usr/lib\nit is; "quoted"\n');
    expect(await output('%%node foo --fresh\necho "[$GREETING]"')).toBe('[]\n');
    expect(await output('%%node client1\necho "[$GREETING]"')).toBe('[]\n');
    await cell('%%node foo\ncd /tmp; false');
    expect(await output('%%node foo\npwd')).toBe('/tmp\n');
  });

  it('leave their place and variables also when they set an EXIT trap, which still runs with their status', async () => {
    const trapped = await cell(
      "%%node foo\ntrap 'echo \"bye $?\"' EXIT INT\n(cd /usr; trap 'echo inner' EXIT)\ncd /etc; export KEPT=yes; exit 3",
    );
    expect(streamText(trapped.outputs)).toBe('inner\nbye 3\n');
    expect(text(trapped.reply)).toContain('ended with status 3');
    expect(await output('%%node foo\npwd; echo $KEPT')).toBe('/etc\nyes\n');
    const { outputs } = await cell(
      "%%node foo\nset -eu; trap 'rm -f /tmp/x' EXIT\ntrap -- - EXIT\ncd /var; false",
    );
    expect(streamText(outputs)).toBe('');
    expect(await output("%%node foo\npwd; trap 'echo end' 0; cd /; false || true")).toBe('/var\nend\n');
    expect(await output('%%node foo\npwd')).toBe('/\n');
  });

  it('show the node, the command, the status and the last lines of what failed', async () => {
    const { reply, outputs } = await cell('%%node foo\necho fine\nnosuchcommand');
    expect(streamText(outputs)).toBe('fine\n');
    expect(text(reply)).toMatch(/NodeCommandError: foo: `echo fine …` ended with status 127/);
    expect(text(reply)).toContain('line 2: nosuchcommand: command not found');
  });

  it('put the name of the node before each line, and a table at the end', async () => {
    const { outputs, reply } = await cell(
      "%%node '*' --keep-going\nprintf 'a\\nb'; [ $HOSTNAME != client2 ]",
    );
    const lines = plain(streamText(outputs)).trimEnd().split('\n').sort();
    expect(lines).toEqual(
      ['client1', 'client2', 'foo    '].flatMap(name => [`${name} │ a`, `${name} │ b`]).sort(),
    );
    const table = outputs.find(({ header }) => header.msg_type === 'display_data')!.content.data as Record<
      string,
      string
    >;
    expect(table['text/plain']).toMatch(/client1 +ok.*\nclient2 +ended with status 1.*\nfoo +ok/);
    expect(text(reply)).toContain('client2');
  });

  it('bind typed results with --var, in the order of the nodes', async () => {
    await cell('%%node @client --var answers\nhostname');
    const { outputs } = await cell(
      'answers.map(({ node, stdout, status }) => [node, stdout, status].join()).join()',
    );
    expect(JSON.stringify(outputs.at(-1)!.content)).toContain(
      'client1,client1\\\\n,0,client2,client2\\\\n,0',
    );
    expect((await kernel.client.complete('answers[0].std')).matches).toContain('stdout');
  });

  it('record points with --metric', async () => {
    await cell("%%node foo --metric 'latency=t=([\\d.]+) ms'\necho 't=1.5 ms'; echo no; echo 't=2.5 ms'");
    const { outputs } = await cell(
      "(await metrics.series('latency')).map(({ node, value }) => `${node} ${value}`).join()",
    );
    expect(JSON.stringify(outputs.at(-1)!.content)).toContain('foo 1.5,foo 2.5');
  });

  it('run other languages with --lang', async () => {
    await cell('const n = 6');
    const program = "const n = 7; console.log({n}, `it's ${n}`)";
    expect(await output(`%%node foo --lang node\n${program}`)).toBe("{ n: 7 } it's 7\n");
    expect(await output("%%node foo --lang bash\necho {n} '{n}'")).toBe('6 {n}\n');
    await cell('%%node foo\nexport N={n}');
    expect(await output('%%node foo --lang node\nconsole.log(process.env.N * 7)')).toBe('42\n');
  });

  it('run nowhere when a node lacks their language, and say what it has', async () => {
    const { reply, outputs } = await cell("%%node 'client*' --lang pyhton3\nopen('/tmp/ran', 'w')");
    expect(text(reply)).toContain('there is no such program on client1, client2\ndid you mean python3');
    expect(outputs.some(({ header }) => header.msg_type === 'stream')).toBe(false);
    await cell('%%node foo\nexport PATH=/tmp/mine:$PATH; mkdir /tmp/mine; cp /bin/bash /tmp/mine/mylang');
    expect(await output('%%node foo --lang mylang\necho mine')).toBe('mine\n');
  });

  it('tell a name that is nearly a machine or a word of the driver', async () => {
    expect(text((await cell("clinet1.succeed('true')")).reply)).toContain('did you mean client1, client2?');
    expect(text((await cell('start_all()')).reply)).toContain('did you mean startAll?');
    expect(text((await cell("machine.succeed('true')")).reply)).toContain(
      'one node; this one has client1, client2, foo',
    );
  });

  it('end at their time limit', async () => {
    const { reply } = await cell('%%node foo --timeout 200ms\nsleep 60');
    expect(text(reply)).toContain('timed out');
    expect(await output('%%node foo\npgrep -x sleep || echo none')).toBe('none\n');
  });

  it('are interrupted on every node at once, and the deployment stays', async () => {
    const seen = new Set<string>();
    const reply = await kernel.client.execute("%%node '*'\necho started; sleep 60", {
      onOutput: ({ content }) => {
        for (const [name] of plain(content.text ?? '').matchAll(/\w+(?= +│ started)/g)) seen.add(name);
        if (seen.size === 3) void kernel.client.interrupt();
      },
    });
    expect(reply).toMatchObject({ status: 'error', ename: 'InterruptedError' });
    expect(await output("%%node '*'\npgrep -x sleep || true")).not.toMatch(/\d/);
  });

  it('write late output to their own cell with --background', async () => {
    await cell('%%node foo\nmkfifo /tmp/gate');
    let late = '';
    const arrived = new Promise<void>(resolve => {
      void kernel.client.execute('%%node foo --background\nread -r word < /tmp/gate; echo "late $word"', {
        onOutput: ({ content }) => {
          late += content.text ?? '';
          if (late.includes('\n')) resolve();
        },
      });
    });
    const { outputs } = await cell('%%node foo\necho gate > /tmp/gate');
    await arrived;
    expect(late).toBe('late gate\n');
    expect(streamText(outputs)).toBe('');
  });

  it('complete and explain nodes and roles', async () => {
    expect((await kernel.client.complete('%%node cl')).matches).toEqual(['client1', 'client2']);
    expect((await kernel.client.complete('%%node foo,@c')).matches).toEqual(['foo,@client']);
    expect((await kernel.client.complete('%nxc logs f')).matches).toEqual(['foo']);
    expect(JSON.stringify(await kernel.client.inspect('%%node client1'))).toContain('role     client');
    expect(text((await cell('%%node fo\nls')).reply)).toContain('did you mean foo?');
    expect(text((await cell('%%node @clients\nls')).reply)).toContain('did you mean @client');
  });

  it('make every node a variable, and run Python with the same machines', async () => {
    expect(await output("console.log(await foo.succeed('hostname'))")).toBe('foo\n\n');
    expect(await output('%%nxc driver\nx = client1.succeed("hostname")')).toBe('');
    expect(await output('%%nxc driver\nprint(x.strip())')).toBe('client1\n');
    const { reply } = await cell('%%nxc driver\n\nfoo.succeed("exit 3")');
    expect(text(reply)).toMatch(/failed at line 3/);
    expect(await output('%nxc driver -t')).toContain('foo');
  });

  it('tell a node whose processes were killed as gone, while the others work', async () => {
    const record = JSON.parse(await output('%%sh\ncat deploy/composition::local.json')) as DeploymentRecord;
    process.kill(initOf(runtimeOf(record), 'client2').pid, 'SIGKILL');
    const { reply } = await cell('%%node client2\nsleep 5; true');
    expect(reply.status).toBe('error');
    expect(text(reply)).toContain('client2');
    expect(await output('%%node foo\nhostname')).toBe('foo\n');
  });
});

describe('of several deployments in a project', () => {
  it('%%node means the newest, or with -d another one, in later cells too', async () => {
    const project = await builtProject();
    await writeFile(join(project, 'other.nix'), '{ ... }: { roles.bar = { ... }: { }; }');
    await nxc(['build', 'other.nix'], { cwd: project });
    for (const name of ['other::local', 'composition::local'])
      await nxc(['start', '-C', name], { cwd: project });
    const kernel = await kernelIn(project);
    onTestFinished(async () => {
      for (const name of ['other::local', 'composition::local'])
        await nxc(['stop', '-d', name], { cwd: project });
      await kernel.stop();
    });
    const cell = async (code: string) => {
      const { reply, outputs } = await run(kernel.client, code);
      return reply.status === 'ok' ? streamText(outputs) : text(reply);
    };
    // It says what runs.
    await cell('1');
    expect(await cell('%%node foo\nhostname')).toBe('foo\n');
    expect(await cell('%%node bar\nhostname')).toContain('to do: add -d other::local');
    expect(await cell('%%node -d other::local bar\nhostname')).toBe('bar\n');
    expect(await cell('%%node bar\nhostname')).toBe('bar\n');
    expect(await cell("console.log(await bar.succeed('hostname'))")).toBe('bar\n\n');
  });
});

describe('a machine before the start', () => {
  it('is told as one, with what starts it, and so is a name like it', async () => {
    const project = await builtProject(['client', 'foo']);
    const kernel = await kernelIn(project);
    onTestFinished(kernel.stop);
    const failure = async (code: string) => (await run(kernel.client, code)).reply;
    const reply = await failure("1\nfoo.succeed('true')");
    expect(reply).toMatchObject({ ename: 'ReferenceError' });
    expect(text(reply)).toMatch(
      /foo is not defined\n +at In\[1\]:2:1[\s\S]*foo is a node of the build composition::local.*\nto do: %nxc start$/,
    );
    expect(text(await failure('client2.name'))).toContain('client2 is a node of the build');
    expect(text(await failure('machine.name'))).toMatch(/none does\nto do: %nxc start$/);
    expect(text(await failure('clinet.name'))).toContain('did you mean client?\nfound: client is a node');
    expect(text(await failure('unrelated.name'))).not.toMatch(/start|did you mean/);
    await run(kernel.client, '%cd /');
    expect(text(await failure('machine.name'))).toContain('to do: %cd to a project');
  });
});

describe('a machine before the build', () => {
  it('is told as a node of the composition, when that has no error', async () => {
    const project = await temporaryFolder();
    const composition = join(project, 'composition.nix');
    await writeFile(join(project, 'nxc.json'), '{}');
    await writeFile(composition, '{ ... }: { roles = { web = { ... }: { }; }; rolesDistribution.web = 2; }');
    const kernel = await kernelIn(project);
    onTestFinished(kernel.stop);
    const failure = async (code: string) => text((await run(kernel.client, code)).reply);
    expect(await failure('web1.name')).toMatch(
      /found: web1 is a node of this composition, which is not built yet\nto do: %nxc build, then %nxc start$/,
    );
    expect(await failure('machine.name')).toMatch(/none does\nto do: %nxc build, then %nxc start$/);
    await writeFile(composition, '{ roles = ; }');
    expect(await failure('web1.name')).not.toContain('web1 is a node');
    expect(await readdir(project)).toEqual(['composition.nix', 'nxc.json']);
  });
});

describe('a deployment that was started elsewhere', () => {
  it('has its machines in the first cell of a kernel, of TypeScript as in magics', async () => {
    const project = await builtProject();
    await nxc(['start'], { cwd: project });
    for (const code of ["console.log(await foo.succeed('hostname'))", '%nxc exec foo echo {foo.name}']) {
      const kernel = await kernelIn(project);
      onTestFinished(kernel.stop);
      const { outputs } = await run(kernel.client, code);
      expect(streamText(outputs).trim().split('\n').at(-1)).toBe('foo');
    }
  });

  it('while the kernel runs is there when its cell is run again', async () => {
    const project = await builtProject();
    const kernel = await kernelIn(project);
    onTestFinished(kernel.stop);
    await run(kernel.client, '1');
    await nxc(['start'], { cwd: project });
    const again = async () => (await run(kernel.client, 'await machine.succeed("hostname")')).reply;
    expect(text(await again())).toContain('to do: run the cell again');
    expect(await again()).toMatchObject({ status: 'ok' });
  });
});

describe('a machine in a variable', () => {
  it('stays the one it was after %cd to a project with a node of the same name, and is an error once it is stopped', async () => {
    const [one, other] = [await builtProject(), await builtProject()];
    await nxc(['start'], { cwd: other });
    const kernel = await kernelIn(one);
    onTestFinished(kernel.stop);
    const output = async (code: string) => streamText((await run(kernel.client, code)).outputs);
    await run(
      kernel.client,
      "%nxc start\nconst mine = foo, all = nodes; await mine.succeed('echo one > /root/who')",
    );
    await run(kernel.client, `%cd ${other}\nawait foo.succeed('echo other > /root/who')`);
    const who =
      "const [word] = await all.succeed('cat /root/who'); console.log(await mine.succeed('cat /root/who'), word)";
    expect((await output(`{ ${who} }`)).split(/\s+/)).toEqual(['one', 'one', '']);
    expect(await output("console.log(await foo.succeed('cat /root/who'))")).toContain('other');
    await nxc(['stop'], { cwd: one });
    const { reply } = await run(kernel.client, "await mine.succeed('true')");
    expect(text(reply)).toMatch(/this machine is of a deployment that was stopped\nfound: run \w+ is over/);
  });
});

describe('a project whose folder is deleted while its nodes run', () => {
  /** Gives the run of its nodes. */
  const deleteProject = async (project: string): Promise<string> => {
    const record = await readFile(join(project, 'deploy/composition::local.json'), 'utf8');
    const { run: id } = (JSON.parse(record) as DeploymentRecord)['x-nxc'];
    await rm(project, { recursive: true });
    onTestFinished(async () => void (await nxc(['stop', '--run', id], { cwd: '/' })));
    return id;
  };

  it('leaves them to the cells, and they end with the kernel', async () => {
    const project = await builtProject();
    const kernel = await kernelIn(project);
    onTestFinished(kernel.stop);
    const output = async (code: string) => streamText((await run(kernel.client, code)).outputs);
    await run(kernel.client, '%nxc start');
    const id = await deleteProject(project);
    expect(await output("console.log(await foo.succeed('hostname'))")).toContain('foo');
    expect(await output('%%node foo\nhostname')).toBe('foo\n');
    const { outputs } = await run(kernel.client, '%nxc status');
    expect(JSON.stringify(outputs)).toContain(id);
    await kernel.client.shutdown();
    await kernel.exited;
    expect(processesOf(id)).toEqual([]);
    expect(await readdir(firstHome())).not.toContain(id);
  });

  it('leaves them to nxc stop --run, from anywhere', async () => {
    const project = await builtProject();
    await nxc(['start'], { cwd: project });
    const id = await deleteProject(project);
    expect((await nxc(['stop', '--run', 'nosuchrun'], { cwd: '/' })).stderr).toContain('no run "nosuchrun"');
    expect(await nxc(['stop', '--run', id], { cwd: '/' })).toMatchObject({ status: 0 });
    expect(processesOf(id)).toEqual([]);
    expect(await readdir(firstHome())).not.toContain(id);
  });
});

describe('a shell in a cell', () => {
  it('goes line by line over stdin, and is an error where nobody can answer', async () => {
    const project = await builtProject();
    const kernel = await kernelIn(project);
    try {
      await run(kernel.client, '%nxc start');
      const lines = ['cd /usr', 'pwd', '(exit 5)', 'echo "was $?"', 'echo "is $?"', 'exit'];
      const prompts: string[] = [];
      const { outputs } = await run(kernel.client, '%nxc connect foo', {
        stdin: prompt => {
          prompts.push(prompt);
          return lines.shift()!;
        },
      });
      expect(prompts).toEqual(Array(6).fill('foo$ '));
      expect(streamText(outputs)).toContain('/usr\nwas 5\nis 0\n');
      const failing = await run(kernel.client, '%nxc connect foo', { stdin: () => 'exit 3' });
      expect(text(failing.reply)).toContain('nxc connect foo ended with status 3');
      expect(text((await run(kernel.client, '%nxc connect foo')).reply)).toContain('allows no stdin');
    } finally {
      await kernel.client.shutdown();
      await kernel.exited;
      await kernel.stop();
    }
  });
});

describe('when the kernel ends', () => {
  it('a shutdown stops what it started, unless it was told to keep it', async () => {
    const project = await builtProject();
    const started = async (command: string) => {
      const kernel = await kernelIn(project);
      await run(kernel.client, command);
      await kernel.client.shutdown();
      await kernel.exited;
      await kernel.stop();
      return (await readdir(join(project, 'deploy'))).filter(name => name.endsWith('.json'));
    };
    expect(await started('%nxc start')).toEqual([]);
    expect(await started('%nxc start --keep')).toEqual(['composition::local.json']);
    expect((await nxc(['status'], { cwd: project })).stdout).toContain('running');
  });

  it.each([0, 100, 200, 300])('a shutdown %s ms into a start leaves nothing of it', async delay => {
    const project = await builtProject(['foo', 'bar']);
    const kernel = await kernelIn(project);
    onTestFinished(kernel.stop);
    kernel.client.execute('%nxc start').catch(() => {});
    let run = '';
    await until(async () => {
      const record = await readFile(join(project, 'deploy/composition::local.json'), 'utf8').catch(
        () => '{}',
      );
      run = JSON.parse(record)['x-nxc']?.run ?? '';
      return run !== '';
    });
    // A start has many steps, and may be cut short at any of them.
    await sleep(delay);
    await kernel.client.shutdown();
    await kernel.exited;
    expect(await readdir(join(project, 'deploy'))).toEqual([]);
    expect(await readdir(firstHome())).not.toContain(run);
    await expect.poll(() => processesOf(run)).toEqual([]);
  });

  it('a restart keeps it, the next kernel knows its machines, and stops it when it is shut down', async () => {
    const project = await builtProject();
    const folder = await temporaryFolder();
    const first = await kernelIn(folder);
    onTestFinished(first.stop);
    expect((await run(first.client, `%cd ${project}\n%nxc start`)).reply.status).toBe('ok');
    await first.client.shutdown(true);
    await first.exited;
    const other = await kernelIn(project);
    await other.client.shutdown();
    await other.exited;
    await other.stop();
    expect(await readdir(join(project, 'deploy'))).toContain('composition::local.json');
    const second = await startKernel({ command: REAL_KERNEL, cwd: folder, file: first.file });
    expect((await run(second.client, '1 + 1')).reply.status).toBe('ok');
    await second.client.shutdown();
    await second.exited;
    expect(await readdir(join(project, 'deploy'))).toEqual([]);
  });

  it('a restart keeps it, and the next kernel knows its machines', async () => {
    const project = await builtProject();
    const first = await kernelIn(project);
    await run(first.client, '%nxc start');
    await first.client.shutdown(true);
    await first.exited;
    await first.stop();
    const second = await kernelIn(project);
    try {
      const { outputs } = await run(second.client, "%nxc status\nawait foo.succeed('hostname')");
      expect(JSON.stringify(outputs.at(-1)!.content)).toContain('foo');
      expect((await run(second.client, '%nxc start')).reply.status).toBe('ok');
      expect((await run(second.client, '%nxc start --restart')).reply.status).toBe('ok');
    } finally {
      await second.client.shutdown();
      await second.exited;
      await second.stop();
    }
  });
});

/** Commands of the processes that know of a run. */
function processesOf(run: string): string[] {
  const read = (pid: string, file: string) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8');
    } catch {
      return '';
    }
  };
  return readdirSync('/proc')
    .filter(pid => /^\d+$/.test(pid) && read(pid, 'cmdline').concat(read(pid, 'environ')).includes(run))
    .map(pid => read(pid, 'cmdline'));
}
