import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type KernelProcess,
  REAL_KERNEL,
  run,
  startKernel,
  streamText,
  types,
} from '../helpers/kernel-client.js';
import { builtProject } from '../helpers/local-project.js';

let kernel: KernelProcess;
beforeAll(async () => {
  kernel = await startKernel({ command: REAL_KERNEL });
});
afterAll(() => kernel.stop());

const cell = (code: string) => run(kernel.client, code);

describe('%%nxc driver', () => {
  it('keeps its state from cell to cell, shares the environment and folder with other cells, shows values, completes, and tells errors at the line of the cell', async () => {
    const project = await builtProject(['foo', 'bar-1']);
    await cell(`%cd ${project}`);
    expect((await cell('%nxc start')).reply.status).toBe('ok');

    await cell(
      '%%nxc driver\nimport json\ndef name_of(machine):\n    return machine.succeed("hostname").strip()',
    );
    const { outputs } = await cell('%%nxc driver\nprint("now")\nname_of(bar_1)');
    expect(streamText(outputs)).toBe('now\n');
    const result = outputs.find(({ header }) => header.msg_type === 'execute_result');
    expect(result?.content).toMatchObject({ data: { 'text/plain': "'bar-1'" } });

    const failed = await cell('%%nxc driver\n\ndef f():\n    foo.succeed("exit 3")\nf()');
    expect(failed.reply).toMatchObject({ status: 'error', ename: 'AssertionFailed' });
    expect(String(failed.reply.evalue)).toMatch(
      /^In\[\d+\] failed at line 4:[\s\S]*called from In\[\d+\] line 5: f\(\)/,
    );
    const wrong = await cell('%%nxc driver --timeuot 3s\n1');
    expect(String(wrong.reply.evalue)).toContain('did you mean --timeout?');
    const endless = await cell('%%nxc driver --timeout 500ms\nwhile True:\n    pass');
    expect(String(endless.reply.evalue)).toMatch(/did not end within 500 ms[\s\S]*interrupted at line [23]/);
    expect(types((await cell('%%nxc driver\nexit(0)')).outputs)).not.toContain('error');

    await cell("%env SHARED=1\nprocess.env.TS = '2'; process.chdir('/usr')");
    const place = "%%nxc driver\nprint(os.environ.get('SHARED'), os.environ.get('TS'), os.getcwd())";
    expect(streamText((await cell(place)).outputs)).toBe('1 2 /usr\n');
    await cell(
      `%%nxc driver\nos.chdir(${JSON.stringify(project)})\nos.environ['PY'] = '3'\ndel os.environ['TS']`,
    );
    expect(
      streamText(
        (await cell('%sh echo "$SHARED ${TS-unset} $PY $PWD"\nconsole.log(process.env.PY, process.cwd())'))
          .outputs,
      ),
    ).toBe(`1 unset 3 ${project}\n3 ${project}\n`);
    await cell("%%nxc driver\nos.environ['PY'] = '4'\nraise ValueError");
    expect(streamText((await cell('%sh echo $PY')).outputs)).toBe('4\n');

    const code = '%%nxc driver\nname = 1\nbar_1.wait_until_s';
    expect(await kernel.client.complete(code, code.length)).toMatchObject({
      matches: ['wait_until_succeeds'],
      cursor_start: code.length - 'wait_until_s'.length,
      cursor_end: code.length,
    });
    expect(await kernel.client.inspect('%%nxc driver\nname_of(foo)', 17)).toMatchObject({
      found: true,
      data: { 'text/plain': 'name_of(machine)' },
    });
  });
});
