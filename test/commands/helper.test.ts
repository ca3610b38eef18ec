import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nxc } from '../helpers/executable.js';
import { nixInstalled, withoutNix } from '../helpers/nix.js';
import { temporaryFolder } from '../helpers/temporary.js';

/** A server with these files; returns its address. */
async function serve(files: Record<string, string | Buffer>): Promise<string> {
  const server = createServer((request, response) => {
    const content = files[request.url!.slice(1)];
    response.writeHead(content === undefined ? 404 : 200).end(content);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const NEWEST = `nix-${process.arch === 'x64' ? 'x86_64' : 'aarch64'}-linux-static`;

/** `nxc helper install-nix` for a user with an empty home and no Nix in PATH. */
async function install(from: string, ...words: string[]) {
  const home = await temporaryFolder();
  const path = process.env
    .PATH!.split(':')
    .filter(folder => !existsSync(join(folder, 'nix')))
    .join(':');
  const ran = await nxc(['helper', 'install-nix', '--from', from, ...words], {
    cwd: home,
    env: { HOME: home, PATH: path },
  });
  return { ...ran, home };
}

describe('nxc helper', () => {
  it('lists the helpers, and suggests one', async () => {
    const cwd = await temporaryFolder();
    expect((await nxc(['helper', '-l'], { cwd })).stdout).toMatch(/^install-nix +install Nix/m);
    expect((await nxc(['helper', 'instal-nix'], { cwd })).stderr).toContain('did you mean install-nix?');
  });

  it.skipIf(!nixInstalled)(
    `installs a Nix for this user alone, which is found from then on${withoutNix}`,
    async () => {
      const program = readFileSync(realpathSync(execFileSync('which', ['nix'], { encoding: 'utf8' }).trim()));
      const from = await serve({ [NEWEST]: 'nix-2.x\n', 'nix-2.x': program });
      const { stdout, status, home } = await install(from);
      expect(stdout).toMatch(/✔ install nix: nix \(Nix\) [\d.]+ in .*\/\.local\/bin\/nix/);
      expect(stdout).toMatch(/sha256 [0-9a-f]{64}/);
      expect(status).toBe(0);
      expect(existsSync(join(home, '.local/share/nix/root/nix/store'))).toBe(true);
      expect(readdirSync(join(home, '.local/bin'))).toEqual(['nix']);
      const again = await nxc(['helper', 'install-nix', '--from', from], {
        cwd: home,
        env: { HOME: home, PATH: '/none' },
      });
      expect(again.stderr).toContain(`found: ${home}/.local/bin/nix`);
    },
  );

  it.each([
    ['is not there', {}, 'the server answered 404'],
    ['is a page of a proxy', { [NEWEST]: '<html>log in</html>' }, 'no file name'],
    ['does not run', { [NEWEST]: 'nix-2.x', 'nix-2.x': 'not a program' }, 'nix-2.x does not run here'],
  ])('leaves nothing of a download that %s', async (_, files, found) => {
    const { stderr, status, home } = await install(await serve(files));
    expect(stderr).toContain(found);
    expect(stderr).toContain('to do:');
    expect(status).toBe(1);
    expect(readdirSync(join(home, '.local/bin'))).toEqual([]);
  });
});
