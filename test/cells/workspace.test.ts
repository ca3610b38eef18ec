import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type KernelProcess, REAL_KERNEL, run, startKernel, streamText } from '../helpers/kernel-client.js';
import { temporaryFolder } from '../helpers/temporary.js';

let kernel: KernelProcess;
let folder: string;
beforeAll(async () => {
  kernel = await startKernel({ command: REAL_KERNEL, env: { NXC_KEPT: 'kept', PAT: '/pat' } });
});
afterAll(() => kernel.stop());
beforeEach(async () => {
  folder = await temporaryFolder();
  await cell(`%cd ${folder}`);
});

const cell = (code: string) => run(kernel.client, code);
const output = async (code: string) => streamText((await cell(code)).outputs);
const problem = async (code: string) => String((await cell(code)).reply.evalue);

describe('what TypeScript does to its environment and folder', () => {
  it('is seen by a shell in the next cell, and by %env', async () => {
    await cell("process.env.RATE = '5'; process.chdir('/usr'); process.cwd()");
    expect(await output('%sh echo "rate=$RATE"; pwd')).toBe('rate=5\n/usr\n');
    expect(await output('%env RATE')).toBe('5\n');
    expect(await output(`%cd -\n%sh pwd`)).toBe(`${folder}\n${folder}\n`);
  });

  it('is seen by a shell in the same cell', async () => {
    expect(
      await output("process.env.SAME = '1'\n%sh echo $SAME\nprocess.env.SAME += '2'\n%sh echo $SAME"),
    ).toBe('1\n12\n');
  });

  it.each([
    ['Object.assign', "Object.assign(process.env, { MANY: '1' })", '1'],
    ['a variable imported from node:process', "import { env } from 'node:process'; env.MANY = '2'", '2'],
    [
      'a definition of the property',
      "Object.defineProperty(process.env, 'MANY', { value: '3', writable: true, enumerable: true, configurable: true })",
      '3',
    ],
    ['a number', 'process.env.MANY = 4 as never', '4'],
    ['a deletion', 'delete process.env.MANY', 'unset'],
    ['another object in its place', "process.env = { ...process.env, MANY: '5' }", '5'],
    ['another object without it', 'const { MANY, ...rest } = process.env; process.env = rest', 'unset'],
    [
      'code that runs after its cell',
      "setTimeout(() => (process.env.MANY = '6'), 1); await new Promise(r => setTimeout(r, 20))",
      '6',
    ],
  ])('also by %s', async (_, code, expected) => {
    await cell(code);
    expect(await output('%sh echo "${MANY-unset}"')).toBe(`${expected}\n`);
  });

  it('is seen by verbs of nxc, which look for the project there', async () => {
    await mkdir(join(folder, 'sub'));
    await writeFile(join(folder, 'sub/nxc.json'), '{"composition": "composition.nix"}');
    expect(await problem("process.chdir('sub')\n%nxc build --no-such")).toContain('--no-such');
    expect(await output('%sh pwd')).toBe(`${join(folder, 'sub')}\n`);
    expect((await kernel.client.complete('%sh cat nx')).matches).toEqual(['nxc.json']);
  });

  it('lasts when the process of TypeScript cells is gone', async () => {
    await cell(
      `process.env.LASTS = 'yes'; delete process.env.NXC_KEPT; process.chdir('/usr'); process.exit(1)`,
    );
    expect(await output('console.log(process.env.LASTS, process.env.NXC_KEPT, process.cwd())')).toBe(
      'yes undefined /usr\n',
    );
    await cell('%env NXC_KEPT=kept');
  });

  it('does not last where it failed', async () => {
    expect(await problem("process.chdir('gone')")).toContain('ENOENT');
    expect(await output('%sh pwd')).toBe(`${folder}\n`);
  });
});

describe('a folder that was deleted meanwhile', () => {
  it('is named by a shell, and left with %cd', async () => {
    const gone = join(folder, 'gone');
    await mkdir(gone);
    await cell(`process.chdir('gone')`);
    await rm(gone, { recursive: true });
    expect(await problem('%sh pwd')).toContain(`the working directory ${gone} is gone`);
    expect(await output(`%cd ${folder}\n%sh pwd`)).toBe(`${folder}\n${folder}\n`);
  });
});

describe('what a shell does to its environment and folder', () => {
  it('ends with it', async () => {
    await cell('%%sh\nexport FROM_SHELL=1\ncd /usr');
    expect(await output('%sh echo "${FROM_SHELL-unset}"; pwd')).toBe(`unset\n${folder}\n`);
    expect(await output('console.log(process.env.FROM_SHELL, process.cwd())')).toBe(`undefined ${folder}\n`);
  });
});

describe('%env', () => {
  it('adds a folder to PATH', async () => {
    await cell('%env PATH=$PATH:/opt/tools/bin');
    expect(await output('%sh echo hello')).toBe('hello\n');
    expect(await output('%env PATH')).toBe(`${process.env.PATH}:/opt/tools/bin\n`);
    expect(await output('console.log(process.env.PATH)')).toBe(`${process.env.PATH}:/opt/tools/bin\n`);
    await cell(`%env PATH=${process.env.PATH}`);
  });

  it.each([
    ['$PAT/x', '/pat/x'],
    ['${PAT}x', '/patx'],
    ['"$PAT and ${PAT}"', '/pat and /pat'],
    ["'$PAT'", '$PAT'],
    ['\'${PAT}\'"$PAT"', '${PAT}/pat'],
    ['\\$PAT', '$PAT'],
    ['"\\$PAT \\`x"', '$PAT `x'],
    ['${NOT_SET:-word}', 'word'],
    ['${NOT_SET-}', ''],
    ['${PAT:+yes}${NOT_SET:+no}', 'yes'],
    ['cost 5$', 'cost 5$'],
    ['a$', 'a$'],
    ['~/bin:~', `${process.env.HOME}/bin:${process.env.HOME}`],
    ['a~b', 'a~b'],
    ["'~'", '~'],
    ["'~root'", '~root'],
    ['"$\'a\'"', "$'a'"],
    ["'A=1 B=2'", 'A=1 B=2'],
    ['A=1', 'A=1'],
    ['{1 + 1}$PAT{"$PAT"}', '2/pat$PAT'],
    ['$SELF:more', 'before:more'],
    ['two  words', 'two words'],
    ['""', ''],
  ])('SELF=%s gives %j', async (written, value) => {
    await cell('%env SELF=before');
    expect((await cell(`%env SELF=${written}`)).reply.status).toBe('ok');
    expect(await output('console.log(JSON.stringify(process.env.SELF))')).toBe(`${JSON.stringify(value)}\n`);
  });

  it('takes an unset variable for empty, and says so', async () => {
    const { outputs } = await cell('%env B=$PTAH:/x');
    expect(streamText(outputs, 'stderr')).toMatch(
      /^no variable PTAH is set: nothing stands in its place; did you mean PAT/,
    );
    expect(await output('%env B')).toBe(':/x\n');
  });

  it.each([
    ...['$(hostname)', '`hostname`', '${PAT%/}', '${#PAT}', '$((1 + 1))', '$?', '"$(hostname)"', '${PAT'],
    ...["$'a\\nb'", '$"a"', '~root', '/opt:~root/bin', '~+'],
  ])('refuses %s, which it does not expand', async written => {
    expect(await problem(`%env C=${written}`)).toMatch(/this is not expanded here[\s\S]*process\.env\.NAME/);
    expect(await problem('%env C')).toContain('no variable C is set');
  });

  it('refuses a second variable in a line, which a shell would set as well', async () => {
    expect(await problem('%env C=1 G=2')).toMatch(
      /G=2 looks like a second one[\s\S]*line of its own[\s\S]*%env C='1 G=2'/,
    );
    expect(await problem('%env C')).toContain('no variable C is set');
  });

  it('removes variables from cells of every kind', async () => {
    await cell('%env D=1\n%env E=2\n%env -u D E');
    expect(await output('%sh echo "${D-unset}"\nconsole.log(process.env.E)')).toBe('unset\nundefined\n');
    expect(await problem('%env D')).toContain('no variable D is set');
    expect(await problem('%env -u')).toContain('%env -u NAME');
  });
});

describe('%cd', () => {
  it('takes variables as %env does', async () => {
    expect(await output('%env TO=/usr\n%cd $TO/bin')).toBe('/usr/bin\n');
    expect(await problem("%cd '$TO'")).toContain('there is no folder');
  });
});
