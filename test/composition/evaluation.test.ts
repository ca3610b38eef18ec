import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { evaluate } from '../../src/composition/evaluation/child.js';
import { packError, unpackError } from '../../src/composition/evaluation/errors.js';
import { InterruptedError, NxcError } from '../../src/errors.js';
import { NixError } from '../../src/nix/index.js';
import { EXECUTABLE } from '../helpers/executable.js';
import { REAL_KERNEL, run, startKernel } from '../helpers/kernel-client.js';
import { until } from '../helpers/until.js';
import { buildIn, roleFile } from './build.js';
import { temporaryFolder } from './temporary.js';

/** Ends after seconds, when its time is used up. */
const LONG = roleFile(`
  environment.variables = lib.genAttrs (map (n: "V\${toString n}") (lib.range 1 1000)) (
    name: builtins.seq (builtins.foldl' (a: b: a + b) 0 (builtins.genList (n: n) 3000000)) name
  );`);
const SHORT = roleFile('environment.variables.A = "x";');

/** The error that the evaluation of an expression ends with. */
async function failure(expression: string): Promise<unknown> {
  const request = {
    of: { expression },
    directory: '/project',
    roots: undefined,
    attribute: '',
    format: 'nix-strict',
  } as const;
  return evaluate('show', request, { signal: new AbortController().signal }).catch(error => error);
}

it('leaves the kernel awake, is interrupted at once, and the next one works', async () => {
  const folder = temporaryFolder({ 'composition.nix': LONG, 'nxc.json': '{}' });
  const { client, stop } = await startKernel({ command: REAL_KERNEL, cwd: folder });
  onTestFinished(stop);
  let began = () => {};
  const running = new Promise<void>(resolve => {
    began = resolve;
  });
  const building = client.execute('%nxc build', {
    onOutput: ({ content }) => JSON.stringify(content).includes('evaluating composition.nix') && began(),
  });
  await running;
  const first = await Promise.race([building, client.kernelInfo('control')]);
  expect(first).toMatchObject({ implementation: expect.any(String) });
  await client.interrupt();
  expect(await building).toMatchObject({ status: 'error', ename: 'InterruptedError' });
  writeFileSync(join(folder, 'composition.nix'), SHORT);
  expect((await run(client, '%nxc build')).reply.status).toBe('ok');
});

it('ends with the process that asked for it, also one that is killed', async () => {
  const busy = "builtins.foldl' (a: b: a + b) 0 (builtins.genList (n: n) 9000000)";
  const asking = spawn(process.execPath, [EXECUTABLE, 'eval', '-E', busy], { stdio: 'ignore' });
  const children = () => readFileSync(`/proc/${asking.pid}/task/${asking.pid}/children`, 'utf8').trim();
  await until(() => children() !== '');
  const evaluating = children();
  asking.kill('SIGKILL');
  await until(() => !existsSync(`/proc/${evaluating}`));
});

it('that is interrupted does not disturb the one behind it', async () => {
  const folder = temporaryFolder({ 'composition.nix': LONG });
  const interrupted = new AbortController();
  const first = buildIn(folder, {}, interrupted.signal);
  const second = failure('1 +');
  interrupted.abort();
  await expect(first).rejects.toThrow(InterruptedError);
  expect(String(await second)).toContain('expected a value');
});

it('shows syntax errors and endless recursions as ever', async () => {
  expect(((await failure('{\n  a = ;\n}')) as Error).message).toBe(
    "expected a value\nat (string):2:7\n\n2 |   a = ;\n  |       ^\n\nfound: ';'",
  );
  expect(((await failure('let x = x + 1; in x')) as Error).message).toBe(
    `infinite recursion: this value needs itself to be computed
at (string):1:9

1 | let x = x + 1; in x
  |         ^

to do: break the circle; in a set marked rec, or in config, a name that refers to itself is the usual cause
while evaluating the attribute 'x' ((string):1:5)`,
  );
});

it('tells all parts of an error, and of its frames', async () => {
  const error = (await failure('let f = s: s.prot; in\nf { port = 1; }')) as NixError;
  expect(error).toBeInstanceOf(NixError);
  const { kind, file, line, column } = error;
  expect([kind, file, line, column]).toEqual(['missing-attribute', '(string)', 1, 14]);
  expect(error.parts.nearest).toEqual(['port']);
  expect(error.frames.map(({ what, position }) => `${what} ${position}`)).toEqual([
    "while calling 'f' (string):2:1",
  ]);
});

it('has room for as many calls inside each other as Nix', async () => {
  const count = (n: number) => `let f = n: if n == 0 then 0 else 1 + f (n - 1); in f ${n}`;
  expect(await failure(count(9_900))).toBe('9900');
  expect(String(await failure(count(11_000)))).toContain('more than 10000 levels deep');
});

it('finds programs on the PATH of now', async () => {
  const folder = temporaryFolder({
    'composition.nix': roleFile('environment.systemPackages = [ pkgs.only-here ];'),
    'bin/only-here': '#!/bin/sh\n',
  });
  chmodSync(join(folder, 'bin/only-here'), 0o755);
  await expect(buildIn(folder)).rejects.toThrow('no program only-here on PATH');
  const path = process.env.PATH;
  onTestFinished(() => {
    process.env.PATH = path;
  });
  process.env.PATH = `${join(folder, 'bin')}:${path}`;
  expect((await buildIn(folder)).specs.foo!.path).toHaveLength(1);
});

it('keeps the stack of a bug, and the cause of an error', () => {
  const across = (error: unknown) => unpackError(structuredClone(packError(error)));
  const bug = new TypeError('x is not a function');
  expect(across(bug)).toMatchObject({ name: 'TypeError', message: bug.message, stack: bug.stack });
  const error = across(new NxcError({ asked: 'a', todo: 'b', cause: bug })) as NxcError;
  expect(error).toBeInstanceOf(NxcError);
  expect(error.parts).toMatchObject({ asked: 'a', todo: 'b' });
  expect((error.cause as Error).stack).toBe(bug.stack);
});
