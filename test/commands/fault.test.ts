import { describe, expect, it } from 'vitest';
import { nxc } from '../helpers/executable.js';
import { builtProject } from '../helpers/local-project.js';

describe('single nodes in a terminal', () => {
  it('are killed, frozen, shut down and booted again, and fault show tells which are', {
    timeout: 120_000,
  }, async () => {
    const cwd = await builtProject(['foo', 'bar']);
    const run = async (...words: string[]) => {
      const { status, stdout, stderr } = await nxc(words, { cwd });
      return { status, text: stdout + stderr };
    };
    expect((await run('fault', 'show')).text).toContain('nothing is running here');
    await run('start', '-r', 'foo=2', '--keep');
    expect((await run('fault', 'show')).text).toBe('no node is off, frozen or cut off\n');
    expect((await run('fault', 'kill', 'foo1')).text).toBe('foo1 is off, as after a power cut\n');
    await run('fault', 'pause', 'bar');
    await run('stop', 'foo2');
    const { text } = await run('fault', 'show');
    expect(text).toMatch(/bar +paused/);
    expect(text).toMatch(/foo1 +off/);
    expect(text).toMatch(/foo2 +off/);
    expect((await run('exec', 'foo1', 'true')).text).toContain('nxc start foo1');
    expect((await run('start', '@foo')).status).toBe(0);
    await run('fault', 'resume', 'bar');
    expect((await run('exec', '*', '--', 'hostname')).status).toBe(0);
    expect((await run('fault', 'show')).text).toBe('no node is off, frozen or cut off\n');

    for (const [words, message] of [
      [['fault', 'kil', 'bar'], 'did you mean kill?'],
      [['fault', 'kill'], 'which nodes?'],
      [['fault', 'kill', 'baz'], 'did you mean bar?'],
      [['fault', 'partition', 'bar', '*'], 'bar cannot be in two groups at once'],
      [['fault', 'partition', '*'], 'no other node left'],
      [['start', 'foo3'], 'there is no node "foo3"'],
      [['start', 'foo1', '-r', 'foo=1'], 'takes no other options'],
      [['stop', 'foo1', '--all'], 'takes no other options'],
    ] as const) {
      const { status, text } = await run(...words);
      expect(text).toContain(message);
      expect(status).not.toBe(0);
    }
    expect((await run('stop')).status).toBe(0);
  });
});
