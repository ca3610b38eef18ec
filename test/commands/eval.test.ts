import { Command as Commander } from 'commander';
import { expect, test } from 'vitest';
import type { CommandContext } from '../../src/commands/command.js';
import { evaluate } from '../../src/commands/eval.js';
import { temporaryFolder } from '../composition/temporary.js';

const files = {
  'composition.nix':
    '{ port ? 80 }: { testScript = "foo.succeed()\\n"; port = port; late = throw "too late"; }',
  'lib/default.nix': '{ double = builtins.trace "loaded" (x: x * 2); }',
};

/** Runs `nxc eval WORDS` and returns what it printed on each stream. */
async function run(...words: string[]): Promise<{ stdout: string; stderr: string }> {
  const printed = { stdout: '', stderr: '' };
  const cwd = temporaryFolder(files);
  const program = new Commander('eval');
  evaluate.configure?.(program);
  program.parse(words, { from: 'user' });
  const display = {
    write: (text: string, stream: 'stdout' | 'stderr' = 'stdout') => {
      printed[stream] += text;
    },
  };
  await evaluate.run(program.args, program.opts(), {
    workspace: { cwd, env: {} },
    display,
    signal: new AbortController().signal,
  } as unknown as CommandContext);
  return printed;
}

test('prints a file as nix eval does, an error inside in its place', async () => {
  const { stdout } = await run('composition.nix');
  expect(stdout).toBe('{ late = «error: too late»; port = 80; testScript = "foo.succeed()\\n"; }\n');
  await expect(run('composition.nix', '--strict')).rejects.toThrow('too late');
});

test('says how an expression is given where a file of its name is not there', async () => {
  await expect(run('1 + 1')).rejects.toThrow("to do: an expression has -E before it: nxc eval -E '1 + 1'");
});

test('prints what an attribute path leads to, as Nix, JSON or plain text', async () => {
  expect((await run('composition.nix', '-A', 'port')).stdout).toBe('80\n');
  expect((await run('composition.nix', '-A', 'testScript', '--json')).stdout).toBe('"foo.succeed()\\n"\n');
  expect((await run('composition.nix', '-A', 'testScript', '--raw')).stdout).toBe('foo.succeed()\n');
  await expect(run('composition.nix', '-A', 'prot')).rejects.toThrow('did you mean port?');
});

test('evaluates an expression in the working directory, and writes traces to standard error', async () => {
  expect(await run('-E', 'map (import ./lib).double [ 1 2 ]', '--json')).toEqual({
    stdout: '[2,4]\n',
    stderr: 'trace: loaded\n',
  });
});

test.each([
  [[], /a file or an expression/],
  [['composition.nix', '-E', '1'], /not both/],
  [['-E', '1', '--json', '--raw'], /exclude each other/],
  [['absent.nix'], /there is no file .*absent\.nix/],
  [['-E', 'x: x', '--json'], /cannot be written as JSON/],
])('refuses %j', async (words, message) => {
  await expect(run(...words)).rejects.toThrow(message);
});
