import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Content } from '../../kernel/protocol/message.js';
import {
  type KernelProcess,
  REAL_KERNEL,
  run,
  startKernel,
  streamText,
  types,
} from '../helpers/kernel-client.js';
import { temporaryFolder } from '../helpers/temporary.js';

let kernel: KernelProcess;
beforeAll(async () => {
  kernel = await startKernel({ command: REAL_KERNEL });
});
afterAll(() => kernel.stop());

const cell = (code: string) => run(kernel.client, code);
const output = async (code: string) => streamText((await cell(code)).outputs);
const plain = (text: unknown) => String(text).replaceAll(/\x1b\[[\d;]*m/g, '');
const failure = async (code: string): Promise<{ reply: Content; text: string }> => {
  const { reply } = await cell(code);
  return { reply, text: plain((reply.traceback as string[] | undefined)?.join('\n')) };
};

describe('a cell of TypeScript and line magics', () => {
  it('runs its parts in order and shows the value of the last', async () => {
    const { outputs } = await cell(
      "console.log('a');\n%env PART=two\nconsole.log(process.env.PART);\n%env PART\n1 + 1",
    );
    expect(streamText(outputs)).toBe('a\ntwo\ntwo\n');
    expect(types(outputs)).toContain('execute_result');
  });

  it.each([
    ['ends of lines of another system', 'const crlf = 1;\r\n%env HOME\r\ncrlf', process.env.HOME],
    ['a cell magic with such ends', '%%sh\r\necho crlf\r\n', 'crlf'],
    ['a byte order mark before a magic', '\uFEFF%env HOME', process.env.HOME],
  ])('takes %s', async (_, code, expected) => {
    expect(await output(code)).toBe(`${expected}\n`);
  });

  it.each([
    ['TypeScript', '#| label: fig-a\n#| echo: false\nconsole.log("run")', 'run\n'],
    ['TypeScript, written //|', '//| label: fig-a\nconsole.log("run")', 'run\n'],
    ['a cell magic', '\n#| echo: false\n//| output: asis\n%%sh\necho run', 'run\n'],
    ['line magics', '# | label: x\n%env HOME', `${process.env.HOME}\n`],
    ['nothing at all', '#| label: x', ''],
    ['what %%time runs', '%%time\n#| label: x\nconsole.log("run")', expect.stringMatching(/^run\ntime/)],
  ])('takes option lines above %s for comments', async (_, code, expected) => {
    expect(await output(code)).toEqual(expected);
  });

  it('keeps the places of what stands below option lines', async () => {
    expect((await failure('#| label: x\n//| echo: true\n\nnobody.knows')).text).toMatch(
      /In\[\d+\]:4:1|4 │ nobody/,
    );
    const { client } = kernel;
    expect((await client.complete('#| label: x\n%%nod')).matches).toEqual(['node']);
    expect((await client.isComplete('#| label: x\nconst a = {')).status).toBe('incomplete');
    expect(await client.isComplete('#| label: x\n1 + 1')).toMatchObject({ status: 'complete' });
  });

  it('puts values of TypeScript into magics', async () => {
    expect(await output("const folder = '/usr';\n%cd {folder + '/bin'}")).toBe('/usr/bin\n');
    expect(await output('console.log(process.cwd())')).toBe('/usr/bin\n');
  });

  it('leaves out comments behind line magics, and on the first line of cell magics', async () => {
    expect(await output("%cd /usr # where programs are\n%env HASH=a#b # it's one\n%env HASH")).toBe(
      '/usr\na#b\n',
    );
    expect(await output('%time console.log("# 1", `# 2`) # 3')).toMatch(/^# 1 # 2\ntime/);
    expect(await output("%%sh # don't\necho 'a # b' # c")).toBe('a # b\n');
    expect((await kernel.client.complete('%cd /usr # /')).matches).toEqual([]);
  });

  it('sets environment variables with blanks around =, and goes back with %cd -', async () => {
    expect(await output('%env SPACED = b c\nconsole.log(process.env.SPACED)\n%env SPACED=')).toBe('b c\n');
    expect(await output('%cd /usr\n%cd /etc\n%cd -')).toBe('/usr\n/etc\n/usr\n');
  });

  it('counts the lines of errors from the top of the cell', async () => {
    expect((await failure('%cd /\n\nnothingOfThisName')).text).toMatch(/In\[\d+\]:3:1/);
    expect((await failure('1;\n2;\n%cd /nowhere')).text).toContain('line 3: %cd /nowhere');
  });

  it('says where a magic can stand when one is in a block', async () => {
    expect((await failure('if (true) {\n  %nxc status\n}')).text).toMatch(
      /In\[\d+\]:2:3[\s\S]*found: %nxc within a block.*\nto do: call it there: await nxc.run\('status'\)/,
    );
  });

  it('stops at the first part that fails', async () => {
    const { outputs, reply } = await cell("%cd /nowhere\nconsole.log('not reached')");
    expect(reply.status).toBe('error');
    expect(streamText(outputs)).toBe('');
  });

  it.each([
    ['an unknown line magic', '%cdd /', 'did you mean %cd?'],
    ['an unknown cell magic', '%%nodes foo\nls', 'did you mean %%node?'],
    ['a cell magic with one %', '%nodee foo', 'did you mean %%node?'],
    ['a shell of other kernels', '%%bash\nls', 'to do: %%sh runs a shell on this machine'],
    ['Python of other kernels', '%%python\nx', 'to do: %%node TARGET --lang python3 runs Python on nodes'],
    ['a program as a line magic', '%ls /', 'to do: %sh ls runs that program on this machine'],
    ['a verb without its %', '1\nnxc build -f local', 'did you mean `%nxc build -f local`?'],
    ['a verb alone', 'build -f local', 'did you mean `%nxc build -f local`?'],
    ['a magic without its %', 'cd /tmp', 'did you mean `%cd /tmp`?'],
    ['a command of a terminal', 'ls -la', 'did you mean `%sh ls -la`?\nto do: %sh and %%sh run a shell'],
    ['a command with !', '%cd /\n!ls | cat', 'did you mean `%sh ls | cat`?'],
    ['a program with words', 'grep root /etc/passwd', 'did you mean `%sh grep root /etc/passwd`?'],
    ['a cell magic as a line', '%node foo', 'write %%node on the first line of a cell'],
    ['a line magic as a cell', '%%cd /\nx', 'write %cd on a line of its own'],
    ['a cell magic below the first line', '1;\n%%sh', 'move it to the top of a cell of its own'],
    ['an unknown verb', '%nxc strat', 'did you mean start?'],
    ['a verb that is one of the terminal', '%nxc run lab.ipynb', 'in a terminal: npx nxc run'],
    [
      'an expression that is none',
      'let two = 2\n%nxc start -r client={1+}',
      'line 2: %nxc start -r client={1+}\nMagicError: {1+} has no value that could stand in this line\n' +
        'found: SyntaxError: Unexpected token\n  start -r client={1+}\n                  ^^^^',
    ],
    ['an expression that throws', '%cd {nosuch.folder}', 'found: ReferenceError: nosuch is not defined'],
    ['a value that is no text', '%cd {undefined}', 'but undefined'],
    ['a variable whose name TypeScript keeps', '%%node foo --var class\nls', 'keeps for itself'],
    ['a variable whose name is none', '%%node foo --var a-b\nls', 'that is not a valid name of a variable'],
    [
      'a variable that every object has',
      '%%node foo --var __proto__\nls',
      'that is the name of something else',
    ],
    ['a variable that hides a method of all', '%%node foo --var toString\nls', 'JavaScript has toString'],
    ['a variable that hides a global', '%%node foo --var process\nls', 'JavaScript has process'],
    ['a variable that hides the kernel’s', '%%node foo --var nxc\nls', 'cells have nxc from the kernel'],
    ['a variable that hides a display', '%%node foo --var display\nls', 'cells have display from the kernel'],
    ['a language that is an option', '%%node foo --lang=-x\nls', 'write --lang python3'],
    ['an unknown option of a verb', '%nxc build --flavor x', 'did you mean --flavour?'],
    ['an unknown option of a magic', '%%node foo --tmeout 3\nls', 'did you mean --timeout?'],
    ['a quote that is not closed', "%cd '/usr", "a quote ' is not closed"],
    ['an unknown folder', '%cd /usr/bni', 'did you mean /usr/bin?'],
    ['a folder in an unknown one', '%cd /usr/lbi/../lbi', 'did you mean /usr/lib'],
    ['a folder below a misspelt one', '%cd /ect/apt', 'did you mean /etc/apt?'],
    ['more folders than one', '%cd a b', "a name with blanks goes into quotes: %cd 'a b'"],
    [
      'a name that no environment variable has',
      '%env 1A=2',
      '"1A" is not a valid name of an environment variable',
    ],
    ['a value without =', '%env A 2', 'write %env NAME=value'],
    ['an unknown environment variable', '%env HOEM', 'did you mean HOME?'],
    ['a switch that is neither on nor off', '%typecheck perhaps', 'write %typecheck on'],
  ])('explains %s', async (_, code, message) => {
    const { reply, text } = await failure(code);
    expect(reply.status).toBe('error');
    expect(text).toContain(message);
    expect(text).not.toMatch(/\n +at (?!In\[)/);
  });

  it('takes no expression for a command', async () => {
    expect((await failure('date - 1')).text).not.toContain('did you mean');
    expect((await failure('import {')).text).not.toContain('did you mean');
    expect((await failure('const ls = [;')).text).not.toContain('did you mean');
  });
});

describe('%%sh', () => {
  it('runs bash in the working directory and keeps stdout and stderr apart', async () => {
    const { outputs } = await cell('%cd /usr\nconst who = "you"');
    expect(types(outputs)).not.toContain('error');
    await cell("var list = ['a', 'b']; var part = { x: 1.5 }; var yes = true; var big = 10n");
    expect(await output('%%sh\necho "{list} {part} {process} {part.x} {yes} {big} {list[1]}"')).toBe(
      '{list} {part} {process} 1.5 true 10 b\n',
    );
    expect(await output("%%sh\necho {big} '{big}' \\{big}")).toBe('10 {big} {big}\n');
    expect(await output("%sh echo {big} '{big}'")).toBe('10 {big}\n');
    const shell = await cell('%%sh\necho "hi {who} in $(pwd)"; echo err >&2');
    expect(streamText(shell.outputs)).toBe('hi you in /usr\n');
    expect(streamText(shell.outputs, 'stderr')).toBe('err\n');
  });

  it('makes a status other than 0 an error', async () => {
    expect((await failure('%%sh\nexit 3')).text).toContain('the script ended with status 3');
  });

  it('is interrupted with all that it started, and the kernel goes on', async () => {
    const marker = `sleep 4${process.pid % 1000}.5`;
    const code = `%%sh\ntrap '' INT\n${marker} & (trap '' INT; ${marker}) & echo started; wait`;
    const running = kernel.client.execute(code, {
      onOutput: ({ header }) => void (header.msg_type === 'stream' && kernel.client.interrupt()),
    });
    expect(await running).toMatchObject({ status: 'error', ename: 'InterruptedError' });
    expect(await output(`%%sh\npgrep -fx '${marker}' || echo none`)).toBe('none\n');
  });
});

describe('%%writefile', () => {
  it('says where no folder can be made', async () => {
    const { text } = await failure('%%writefile /proc/nowhere/deep/file\ny');
    expect(text).toContain('cannot write /proc/nowhere/deep/file');
  });

  it('writes the lines below it, makes folders, and appends with -a', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'deep/er/notes.txt');
    const made = `made folder ${join(folder, 'deep')}\nwrote ${file}\n`;
    expect(await output(`%%writefile ${file}\n%nxc is text here\n {two}`)).toBe(made);
    await cell(`%%writefile -a ${file}\nthree`);
    expect(await readFile(file, 'utf8')).toBe('%nxc is text here\n {two}\nthree\n');
  });

  it('writes Nix with an error, and shows the line and the place at once', async () => {
    const file = join(await temporaryFolder(), 'composition.nix');
    const { reply, text } = await failure(`%%writefile ${file}\n{ pkgs, ... }:\n{\n  a = ;\n}`);
    expect(reply.status).toBe('error');
    expect(text).toMatch(/line 3, column 7: .*\n *3 │ {3}a = ;\n +│ {7}\^/);
    expect(await readFile(file, 'utf8')).toContain('a = ;');
  });

  it('takes ~ and variables as a shell does, and refuses one that is not set by its name', async () => {
    const folder = await temporaryFolder();
    await cell(`%env HOME=${folder}\n%env SUB=deep er`);
    for (const [path, file] of [
      ['~/a.txt', 'a.txt'],
      ['$HOME/b.txt', 'b.txt'],
      ['"${HOME}/$SUB/c.txt"', 'deep er/c.txt'],
      ["~/'$d.txt'", '$d.txt'],
    ] as const) {
      expect(await output(`%%writefile ${path}\n${file}`)).toContain(join(folder, file));
      expect(await readFile(join(folder, file), 'utf8')).toBe(`${file}\n`);
    }
    const { text } = await failure('%%writefile $HOEM/e.txt\ny');
    expect(text).toContain('no variable HOEM is set');
    expect(text).toContain('did you mean HOME');
    expect((await failure('%%writefile $(pwd)/f\ny')).text).toContain('this is not expanded here');
    await cell(`%env HOME=${process.env.HOME ?? '/root'}`);
  });

  it('says why a file cannot be written', async () => {
    expect((await failure('%%writefile /etc/passwd/x\ny')).text).toContain('cannot write /etc/passwd/x');
  });
});

describe('other magics', () => {
  it('%%time runs TypeScript and magics and tells the time, also of a cell that fails', async () => {
    expect(await output("%%time\nconsole.log('x');\n%cd /")).toMatch(/^x\n\/\ntime: [\d.]+ m?s\n$/);
    const { reply, outputs } = await cell('%%time\n\nnothingOfThisName');
    expect(plain((reply.traceback as string[]).join('\n'))).toMatch(/In\[\d+\]:3:1/);
    expect(streamText(outputs)).toMatch(/time: /);
  });

  it('%lsmagic lists every magic and verb', async () => {
    const { outputs } = await cell('%lsmagic');
    const shown = outputs.map(({ content }) => JSON.stringify(content)).join();
    for (const name of ['%%node', '%%sh', '%%writefile', '%cd', '%typecheck', 'doctor', 'report'])
      expect(shown).toContain(name);
  });

  it('`name?` explains a magic, a verb, and says when nothing is known', async () => {
    const shown = async (code: string) =>
      JSON.stringify((await cell(code)).outputs.map(({ content }) => content));
    expect(await shown('%cd?')).toContain('change the working directory');
    expect(await shown('%nxc start?')).toContain('--role');
    expect(await shown('%%node?')).toContain('--keep-going');
    expect(await shown('%nxc stpo?')).toContain('did you mean stop?');
    expect(await shown('%nxc run?')).toMatch(/a command of the terminal.*Usage: nxc run/);
    expect((await failure('%nod?')).text).toContain('did you mean %%node?');
    expect((await failure('nothingOfThisName?')).text).toContain('nothing is known about nothingOfThisName');
  });

  it('`name?` explains names of TypeScript by their types, also at first', async () => {
    const fresh = await startKernel({ command: REAL_KERNEL });
    onTestFinished(fresh.stop);
    const shown = async (code: string) =>
      (await run(fresh.client, code)).outputs.map(({ content }) => JSON.stringify(content)).join();
    await shown('/** Adds one. */ const next = (n: number) => n + 1');
    expect(await shown('?next')).toMatch(/next: \(n: number\) => number.*Adds one/);
    expect(await shown('sweep?')).toMatch(/sweep: .*Calls run for every combination/);
  });

  it('%nxc alone shows the verbs, and a verb outside of a project says how to make one', async () => {
    expect(await output('%nxc')).toMatch(/start +bring up/);
    expect((await failure('%cd /\n%nxc build')).text).toContain('nxc init');
  });
});

describe('%%sh', () => {
  it('writes to /dev/stderr and /dev/stdout, and keeps order with echo', async () => {
    const { reply, outputs } = await run(
      kernel.client,
      '%%sh\necho wrong > /dev/stderr\necho one | tee /dev/stdout\necho two',
    );
    expect(reply.status).toBe('ok');
    expect(streamText(outputs, 'stderr')).toBe('wrong\n');
    expect(streamText(outputs, 'stdout')).toBe('one\none\ntwo\n');
  });
});

describe('completion', () => {
  const matches = async (code: string) => (await kernel.client.complete(code)).matches;

  it('knows magics, verbs, options, values and files', async () => {
    expect(await matches('%%wr')).toEqual(['writefile']);
    expect(await matches('const a = 1;\n%ty')).toEqual(['typecheck']);
    expect(await matches('%nxc st')).toEqual(['start', 'status', 'stop']);
    expect(await matches('%nxc start --re')).toEqual(['--restart']);
    expect(await matches('%nxc build -f lo')).toEqual(['local']);
    expect(await matches('%cd /us')).toEqual(['/usr/']);
    expect(await matches('%typecheck o')).toEqual(['on', 'off']);
    expect(await matches('%%nxc ')).toEqual(['driver']);
    expect(await matches('%%nxc driver --t')).toEqual(['--timeout']);
    expect(await matches('%%nxc build -')).toEqual([]);
  });

  it('goes on with TypeScript between magics', async () => {
    await cell('const completeMe = 1;');
    expect(await matches('%cd /\ncompleteM')).toEqual(['completeMe']);
  });

  it('goes on with TypeScript and magics behind %time and below %%time', async () => {
    await cell('const timedMe = 1;');
    expect(await matches('%time timedM')).toEqual(['timedMe']);
    expect(await matches('const also = 1;\n%time timedM')).toEqual(['timedMe']);
    expect(await matches('%%time\nconst also = 1;\ntimedM')).toEqual(['timedMe']);
    expect(await matches('%%time\n%nxc st')).toEqual(['start', 'status', 'stop']);
    expect(await matches('%time %nxc st')).toEqual(['start', 'status', 'stop']);
    expect(await matches('%ti')).toEqual(['time']);
  });

  it('offers files behind %sh', async () => {
    expect(await matches('%sh ls /us')).toEqual(['/usr/']);
  });

  it('offers nothing in the body of a cell magic', async () => {
    expect(await matches('%%sh\nconso')).toEqual([]);
  });
});

describe('whether a cell is complete', () => {
  it.each([
    ['%nxc build', 'complete'],
    ['%%node foo\nls', 'incomplete'],
    ['%%node foo\nls\n', 'complete'],
    ['%cd /\nf(', 'incomplete'],
    ['%cd /\n1 + 1', 'complete'],
  ])('%j is %s', async (code, status) => {
    expect(await kernel.client.isComplete(code)).toMatchObject({ status });
  });
});

describe('an interrupt that costs the variables', () => {
  it('says so in the cell', async () => {
    const folder = await temporaryFolder();
    const fifo = join(folder, 'silent');
    const running = run(
      kernel.client,
      `const lost = 1; require('child_process').execSync('mkfifo ${fifo}'); console.log('begun'); require('fs').openSync('${fifo}', 'r')`,
      { onOutput: ({ header }) => void (header.msg_type === 'stream' && kernel.client.interrupt()) },
    );
    const { reply } = await running;
    expect(reply.ename).toBe('InterruptedError');
    expect(plain((reply.traceback as string[]).join('\n'))).toContain(
      'the variables of earlier cells are gone',
    );
    expect((await cell('typeof lost')).reply.status).toBe('ok');
  });
});

describe('Shift+Tab and Tab in a kernel that just started', () => {
  it('show the method that is meant, and nothing of JavaScript in a string', {
    timeout: 90_000,
  }, async () => {
    const fresh = await startKernel({ command: REAL_KERNEL });
    onTestFinished(fresh.stop);
    const { data } = (await fresh.client.inspect('display.html(')) as unknown as {
      data: Record<string, string>;
    };
    expect(data['text/plain']).toContain('html(html: string');
    for (const code of ['display.html("', 'display.html("co', '// co', 'const a = `co'])
      expect((await fresh.client.complete(code)).matches).toEqual([]);
    expect((await fresh.client.complete('`${conso')).matches).toContain('console');
  });
});
