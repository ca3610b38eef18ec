import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KernelProcess, REAL_KERNEL, run, startKernel, streamText } from '../helpers/kernel-client.js';
import { writeBuild } from '../helpers/local-project.js';
import { until } from '../helpers/until.js';

let project: string;
let kernel: KernelProcess;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'nxc-test-'));
  await writeFile(join(project, 'nxc.json'), '{}');
  await writeBuild(project, ['client', 'server']);
  kernel = await startKernel({ command: REAL_KERNEL, cwd: project });
  const { reply } = await run(kernel.client, '%nxc start -r client=2');
  expect(reply.status).toBe('ok');
});
afterAll(async () => {
  await kernel.client.shutdown();
  await kernel.exited;
  await kernel.stop();
  await rm(project, { recursive: true, force: true });
});

const cell = (code: string) => run(kernel.client, code);
const plain = (text: unknown) => String(text).replaceAll(/\x1b\[[\d;]*m/g, '');
async function traceback(code: string): Promise<string> {
  const { reply } = await cell(code);
  expect(reply.status).toBe('error');
  return plain((reply.traceback as string[]).join('\n'));
}
type Shown = { data: { 'text/plain': string } };
const shown = async (code: string) =>
  (await cell(code)).outputs
    .filter(({ header }) => /display_data$/.test(header.msg_type))
    .map(({ content }) => (content as unknown as Shown).data['text/plain']);

describe('the driver in cells of TypeScript', () => {
  it('shows where a subtest failed, and the score', async () => {
    const table = (
      await shown(`await subtest('outer', { points: 2 }, async () => {
  await subtest('inner', { points: 1 }, () => server.succeed('true'));
  await server.succeed('exit 3');
}).catch(() => {});`)
    ).at(-1)!;
    expect(table).toMatch(/outer +✗ failed .*0\/2 +command failed on server: exit 3 +In\[\d+\]:3/);
    expect(table).toMatch(/\u2003inner +✓ passed .*1\/1/);
    expect(table).toMatch(/score +1\/3/);
  });

  it.each([
    ['await server.succeed(3)', 'succeed needs commands (string'],
    ['await server.waitForOpenPort(80, { timeout: NaN })', 'waitForOpenPort was given timeout: NaN'],
    ['await server.waitForOpenPort(80, { timeout: -1 })', 'waitForOpenPort needs timeout'],
    ['await server.execute("true", { timeuot: 3 })', 'did you mean timeout?'],
    ['await server.sendKey("ctrl-c")', 'sendKey needs a screen and a keyboard, and nodes of flavour local'],
    ['await server.succed("true")', 'did you mean succeed'],
    ['await nodes.waitForUnti("x")', 'did you mean waitForUnit'],
    ['await nodes.atMost(0).succeed("true")', 'maxParallel: a whole number from 1 on'],
    ['await metrics.record("x", "fast")', 'metrics.record needs value: a number'],
    ['await subtest(7, () => {})', 'subtest.begin needs name: text'],
    ['await sweep({ n: 3 }, () => ({}))', 'give its values as a list: { n: [1, 2, 4] }'],
    ['await plot(7)', 'plot needs names of metrics, or rows\nfound: 7\nto do: write plot('],
    ['await plot()', 'plot needs names of metrics, or rows\nfound: nothing'],
    ["await plot([{ x: 1 }], { colour: 'x' })", 'did you mean color?'],
    ["await plot('cpu', { node: 'server' })", 'did you mean nodes?'],
    ["await metrics.series('cpu', { node: 'server' })", 'did you mean nodes?'],
    ['await table([{ x: 1 }], { column: ["x"] })', 'did you mean columns?'],
    ['await sweep({ a: [1] }, () => ({}), { resum: "f" })', 'did you mean resume?'],
  ])('%s is an error at its line, and the driver goes on', async (code, message) => {
    const text = await traceback(`1;\n${code}`);
    expect(text).toContain(message);
    expect(text).toMatch(/In\[\d+\]:2/);
    expect(text).not.toContain('/dist/');
    expect(streamText((await cell('console.log(await server.succeed("echo -n on"))')).outputs)).toBe('on\n');
  });

  it('of several machines tells those that failed from those that are lost', async () => {
    const failed = await traceback('await nodes.succeed("[ $HOSTNAME = server ]")');
    expect(failed).not.toContain('data:');
    expect(failed).toMatch(/PartialFailure: 2 of 3 nodes failed: client1, client2\n.*1 succeeded: server/);
    await cell('await client2.crash()');
    const lost = await traceback('await nodes.succeed("true")');
    expect(lost).toMatch(/PartialOutage: 1 of 3 nodes failed: client2\n.*2 succeeded: client1, server/);
    await cell('await startAll()');
    expect((await cell('await nodes.succeed("true")')).reply.status).toBe('ok');
  });

  it('writes what a cell on nodes prints to files with --to', async () => {
    const { outputs } = await cell('%%node @client --to out.txt --var results\nhostname');
    expect(streamText(outputs)).toBe('');
    expect(await readFile(join(project, 'out.client2.txt'), 'utf8')).toBe('client2\n');
    const { outputs: files } = await cell('console.log(results.map(r => r.stdoutFile).join())');
    expect(streamText(files)).toBe(
      `${join(project, 'out.client1.txt')},${join(project, 'out.client2.txt')}\n`,
    );
  });

  it('goes on with a sweep where an interrupt or a dead kernel ended it', async () => {
    const sweep = (last: number) => `const [ran, last] = [[], ${last}];
const rows = await sweep({ n: [1, 2, 3, 4] }, async ({ n }) => {
  ran.push(n);
  if (n === last) { console.log('there'); await server.succeed('sleep 1000'); }
  return { twice: 2 * n };
}, { resume: 'rows.jsonl' });
console.log(ran.join(), rows.length);`;
    const interrupted = run(kernel.client, sweep(3), {
      onOutput: ({ header }) => void (header.msg_type === 'stream' && kernel.client.interrupt()),
    });
    expect((await interrupted).reply).toMatchObject({ status: 'error', ename: 'InterruptedError' });

    await cell('await server.waitUntilFails("pgrep -x sleep", { timeout: 20 })');

    const other = await startKernel({ command: REAL_KERNEL, cwd: project });
    try {
      void run(other.client, sweep(4)).catch(() => {});
      const content = () => readFile(join(project, 'rows.jsonl'), 'utf8').catch(() => '');
      await until(async () => (await content()).includes('"n":3'));
      process.kill(other.process.pid!, 'SIGKILL');
      await other.exited;
    } finally {
      await other.stop();
    }
    expect(streamText((await cell(sweep(0))).outputs)).toBe('4 4\n');
    const plot = await shown('await plot(rows, { x: "n", y: "twice" })');
    expect(plot.at(-1)).toMatch(/n +twice\n/);
  });
});
