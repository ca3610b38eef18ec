import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localDeployment } from './local-deployment.js';

const here = localDeployment(`{ ... }: {
  roles.server = { ... }: { };
  roles.client = { ... }: { };
  rolesDistribution = { client = 2; };
}
`);
const megabytes = (count: number) => `head -c ${count}000000 /dev/zero | tr '\\0' x`;

describe('what a command on a node writes', () => {
  it('arrives as it is when it is no text, beside a text that says so', async () => {
    const { server } = here.globals;
    const binary = await server.execute("printf '\\x00\\xff\\xfeA'");
    expect([...binary.stdoutBytes]).toEqual([0, 255, 254, 65]);
    expect(binary.stdout).toBe('\u0000\uFFFD\uFFFDA');
    const text = await server.execute("printf 'é€'");
    expect(text).not.toHaveProperty('stdoutBase64');
    expect(Buffer.from(text.stdoutBytes).toString()).toBe('é€');
  });

  it('is kept in part when it is 100 MB, and says so', async () => {
    const { server } = here.globals;
    const result = await server.execute(`echo first; ${megabytes(100)}; echo; echo last`);
    expect(result.stdout.length).toBe(16 << 20);
    expect(result.stdout.endsWith('x\nlast\n')).toBe(true);
    expect(result.droppedBytes).toBe(100_000_000 + 'first\n\nlast\n'.length - (16 << 20));
    await server.succeed(megabytes(20));
    expect(here.display.text).toMatch(
      /^server: the first 3\.07 MiB of what `head .*` wrote were not kept; toFile \(Python: to_file\) takes/,
    );
    await expect(server.succeed(`${megabytes(20)}; exit 3`)).rejects.toThrow(/status 3[\s\S]*were not kept/);
  });

  it('begins with a whole character when its beginning was cut off', async () => {
    const result = await here.globals.server.execute("yes €€€€€€€€ | head -c 18000000 | tr -d '\\n'");
    expect(result).not.toHaveProperty('stdoutBase64');
    expect(result.stdout[0]).toBe('€');
  });

  it('goes to a file whole with toFile, of several machines to one each', async () => {
    const { server, nodes } = here.globals;
    const result = await server.execute(`${megabytes(40)}; printf '\\xff'; echo why >&2; exit 2`, {
      toFile: 'out/all.bin',
    });
    const path = join(here.project, 'out', 'all.bin');
    expect(result).toMatchObject({ stdoutFile: path, status: 2, stderr: 'why\n' });
    const hash = createHash('sha256').update('x'.repeat(40_000_000)).update(Buffer.of(255)).digest('hex');
    expect(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ).toBe(hash);

    await nodes.byRole('client').execute('cat /proc/sys/kernel/hostname', { toFile: 'name.txt' });
    for (const node of ['client1', 'client2']) {
      expect(await readFile(join(here.project, `name.${node}.txt`), 'utf8')).toBe(`${node}\n`);
    }
  });

  it('that cannot be written ends the command and says why', async () => {
    const { server } = here.globals;
    await expect(server.execute('true', { toFile: '/proc/no' })).rejects.toThrow(
      'cannot be written to /proc/no',
    );
    await expect(server.execute('cat /dev/zero', { toFile: '/dev/full' })).rejects.toThrow(
      /written to \/dev\/full\nfound: the disk is full \(ENOSPC\)/,
    );
    await server.waitUntilFails('pgrep -x cat', { timeout: 10 });
  });

  it('goes to files with nxc exec --to, and not to the screen', async () => {
    await here.nxc(
      'exec',
      '@client',
      '--to',
      'ran.log',
      '--',
      'cat /proc/sys/kernel/hostname; echo told >&2',
    );
    expect(await readFile(join(here.project, 'ran.client2.log'), 'utf8')).toBe('client2\n');
    expect(here.display.text).toContain('told');
    expect(here.display.text).not.toContain('client2\n');
    expect(await here.display.plain()).toMatch(/client1 +ok .*ran\.client1\.log/);
    await here.nxc('exec', 'server', '--to', 'one.log', '--', 'echo one');
    expect((await stat(join(here.project, 'one.log'))).size).toBe(4);
  });
});

describe('a command that runs out of time', () => {
  it('is killed with all its processes, keeps what it wrote, and leaves the machine usable', async () => {
    const { server } = here.globals;
    const result = await server.execute('echo early; (sleep 987 & sleep 987) & sleep 987', { timeout: 0.5 });
    expect(result).toMatchObject({ status: -1, timedOut: true, stdout: 'early\n' });
    await server.waitUntilFails('pgrep -f "sleep 98[7]"', { timeout: 10 });
    expect(await server.succeed('echo usable')).toBe('usable\n');
  });

  it('and one that nobody waits for goes on', async () => {
    const { server } = here.globals;
    const [status, stdout] = await server.execute('sleep 0.3; touch /run/later', { checkOutput: false });
    expect([status, stdout]).toEqual([-2, '']);
    await server.waitForFile('/run/later', { timeout: 20 });
  });
});
