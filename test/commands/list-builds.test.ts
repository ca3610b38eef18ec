import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nxc } from '../helpers/executable.js';
import { temporaryFolder } from '../helpers/temporary.js';

async function project(files: Record<string, string>): Promise<string> {
  const cwd = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
  return cwd;
}

it('compositions beside the file that nxc.json names are listed and built', async () => {
  const cwd = await project({
    'nxc.json': '{"composition": "composition.nix", "default_flavour": "vm"}',
    'compositions.nix': '{ foo = { roles.foo = { }; }; bar = { roles.bar = { }; }; }',
  });
  const { stdout, status } = await nxc(['build', '-L'], { cwd });
  expect(status).toBe(0);
  expect(stdout).toMatch(/bar::local.*foo::local/s);
  const built = await nxc(['build', '-C', 'foo::local'], { cwd });
  expect(built.stdout).toContain('✔ build: foo::local, 1 role');
  expect(built.stdout).toContain(
    'nxc.json names composition.nix, which is not there: compositions.nix is the composition',
  );
});

it('a project without any composition is no empty list', async () => {
  const cwd = await project({ 'nxc.json': '{"composition": "lab.nix"}' });
  const { stdout, stderr, status } = await nxc(['build', '-L'], { cwd });
  expect(status).not.toBe(0);
  expect(stderr).toContain(`there is no composition file`);
  expect(stdout).toBe('');
});

it('the failure of a build is shown once', async () => {
  const cwd = await project({ 'composition.nix': '{ roles.a = { services.nginx.enable = true; }; }' });
  const { stdout, stderr, status } = await nxc(['build', '-f', 'local'], { cwd });
  expect(status).toBe(1);
  expect(`${stdout}${stderr}`.match(/services.nginx needs NixOS/g)).toHaveLength(1);
});
