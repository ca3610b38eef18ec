import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { nxc } from '../helpers/executable.js';
import { builtProject } from '../helpers/local-project.js';

const inNewNetwork = (line: string) =>
  spawnSync('unshare', ['--user', '--map-root-user', '--net', 'sh', '-c', line]).status === 0;
const shapes = inNewNetwork('tc qdisc add dev lo root tbf rate 10mbit burst 32kb latency 50ms');
const netem = inNewNetwork('tc qdisc add dev lo root netem delay 1ms');

describe('nxc net', () => {
  it.skipIf(!shapes)(
    `sets what nodes send, tells it, measures it and takes it away${shapes ? '' : ' (skipped: no namespaces, or no tc)'}`,
    { timeout: 120_000 },
    async () => {
      const cwd = await builtProject(['a', 'b']);
      const run = async (...words: string[]) => {
        const { status, stdout, stderr } = await nxc(words, { cwd });
        return { status, text: stdout + stderr };
      };
      await run('start', '--keep');
      const { text } = await run('net', 'a', '--rate', '2mbit', '--check');
      const measured = /a +b +2mbit +([\d.]+)mbit +– +([\d.]+ ms) +– +0%/.exec(text);
      expect(Number(measured?.[1]), text).toBeGreaterThan(1);
      expect(Number(measured?.[1]), text).toBeLessThan(3);
      expect((await run('net', 'show', 'a')).text).toMatch(/a +2mbit/);
      expect((await run('net')).text).toMatch(/b +– +– +–/);
      const delayed = await run('net', '*', '--delay', '20ms', '--rate', '1mbit');
      if (netem) expect((await run('net', 'b', '--check')).text).toMatch(/40 ms/);
      else {
        expect(delayed.text).toMatch(/delay and loss cannot be set.*nothing was changed\n.*netem/);
        expect((await run('net', 'show')).text).toMatch(/a +2mbit +– +–\nb +– +– +–/);
      }
      expect((await run('net', 'clear')).text).toMatch(/a +– +– +–\nb +– +– +–/);
      await run('fault', 'kill', 'b');
      expect((await run('net', 'b', '--rate', '1mbit')).text).toContain('nxc start b');
      expect((await run('net', 'a', '--check')).text).toContain('no other node runs');
      expect((await run('net', 'show')).text).not.toMatch(/^b /m);

      for (const [words, message] of [
        [['a', '--rate', '10mbits'], 'did you mean 10mbit?'],
        [['--rate', '1mbit'], 'which nodes?'],
        [['show', '--rate', '1mbit'], 'net show sets nothing'],
        [['aa', '--rate', '1mbit'], 'did you mean @a, a?'],
        [['a', '--loss', '5'], 'write it in percent'],
      ] as const) {
        const refused = await run('net', ...words);
        expect(refused.text).toContain(message);
        expect(refused.status).not.toBe(0);
      }
    },
  );

  it('says that plain processes have no network of their own', { timeout: 60_000 }, async () => {
    const cwd = await builtProject(['a', 'b']);
    await nxc(['start', '--keep'], { cwd, env: { NXC_LOCAL_ISOLATION: 'plain' } });
    const { status, stderr } = await nxc(['net', 'a', '--rate', '1mbit'], { cwd });
    expect(stderr).toContain('node a has no network of its own');
    expect(status).not.toBe(0);
  });
});
