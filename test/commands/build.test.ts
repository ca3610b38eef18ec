import { existsSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nxc } from '../helpers/executable.js';
import { builtProject } from '../helpers/local-project.js';
import {
  composeInfo,
  composingFlake,
  flakeProject,
  NIX_CONFIG,
  nixInstalled,
  withoutNix,
} from '../helpers/nix.js';

const env = { NIX_CONFIG };
const run = (folder: string, ...words: string[]) => nxc(['build', ...words], { cwd: folder, env });

describe.skipIf(!nixInstalled)(`nxc build${withoutNix}`, () => {
  it('lists what the composition file and the flake have, a broken member too, and what is built', async () => {
    const folder = await flakeProject({
      packages: `{
        "composition::vm" = build "info" ''echo '${composeInfo(['foo'], 'vm')}' > $out'';
        "composition::nspawn" = throw "broken";
        flavoursJson = throw "not a build";
      }`,
    });
    // Upstream's tool can start it, and this program can build it.
    expect((await run(folder, '-f', 'vm')).stdout).toMatch(/✔ build: composition::vm, 1 role/);
    const { stdout, status } = await run(folder, '-L');
    expect(status).toBe(0);
    expect(stdout).toMatch(/composition::local +yes/);
    expect(stdout).toMatch(/composition::vm +yes +not in this version/);
    expect(stdout).toContain('composition::nspawn');
    expect(stdout).not.toContain('flavoursJson');
  });

  it('lists what a project without a flake has, and misses nothing', async () => {
    const { stdout, stderr, status } = await nxc(['build', '-L'], { cwd: await builtProject(['foo']) });
    expect(stdout).toMatch(/^build .*\n-+ .*\ncomposition::local +yes +yes\n$/);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });

  it('tells with --dry-run what it would do, for each kind of flavour, and does nothing', async () => {
    const files = { ...composingFlake.files, 'setup.toml': '[params]\na = 1\n' };
    const folder = await flakeProject({ ...composingFlake, files });
    const nix = (
      await run(
        folder,
        '--dry-run',
        '-f',
        'vm',
        '-p',
        'a=2',
        '--nix-flags',
        "--option x 'y z'",
        '--show-trace',
      )
    ).stdout;
    expect(nix).toContain('would make           build/composition::vm\n');
    expect(nix).toContain('replaced in a copy   setup.toml\n');
    expect(nix).toContain(`'.#packages.x86_64-linux."composition::vm"' --show-trace --option x 'y z'`);
    const local = (await run(folder, '--dry-run', '-f', 'local')).stdout;
    expect(local).toMatch(
      /composition +composition\.nix\nwould make +build\/composition::local\nwould run +nothing/,
    );
    expect(existsSync(join(folder, 'build'))).toBe(false);
  });

  it('evaluates with --dry-build and tells the path that the build then has', async () => {
    const folder = await flakeProject({
      packages: `{ "composition::vm" = build "info" ''echo '${composeInfo(['foo'], 'vm')}' > $out''; }`,
    });
    const path = (await run(folder, '-f', 'vm', '--dry-build')).stdout.trim().split('\n').at(-1)!;
    expect(existsSync(join(folder, 'build/composition::vm'))).toBe(false);
    await run(folder, '-f', 'vm');
    expect(readlinkSync(join(folder, 'build/composition::vm'))).toBe(path);
    expect((await run(folder, '-f', 'local', '--dry-build')).stdout).toContain('composition::local, 1 role');
    expect(existsSync(join(folder, 'build/composition::local'))).toBe(false);
  });

  it('updates the inputs of the flake', async () => {
    const folder = await flakeProject({
      packages: '{ }',
      files: {
        'part/flake.nix': '{ outputs = _: { }; }',
        'flake.nix': `{
          inputs.part.url = "path:./part";
          outputs = { self, part }: { packages.x86_64-linux."composition::vm" = derivation {
            name = "info"; system = "x86_64-linux"; builder = "/bin/bash";
            args = [ "-c" ''echo '${composeInfo(['foo'], 'vm')}' > $out'' ];
          }; };
        }`,
      },
    });
    const { stdout, status } = await run(folder, '-f', 'vm', '-u');
    expect(stdout).toMatch(/✔ update inputs: .*\n(?:.*\n)*✔ build: composition::vm/);
    expect(status).toBe(0);
    expect(existsSync(join(folder, 'flake.lock'))).toBe(true);
  });

  it('takes composition, flavour and flags from setup.toml when nothing else is asked', async () => {
    const setup = '[options]\ncomposition-flavour = "web::vm"\nnix-flags = "--impure"\n';
    const folder = await flakeProject({
      packages: '{ "web::vm" = throw "home is ${builtins.getEnv "HOME"}"; }',
      files: { 'setup.toml': setup },
    });
    const { stderr } = await nxc(['build'], { cwd: folder, env: { ...env, HOME: folder } });
    expect(stderr).toContain(`home is ${folder}`);
  });

  it.each([
    ['-u', ['-u']],
    ['--nix-flags', ['--nix-flags', '--impure']],
  ])('says that %s means nothing for local', async (option, words) => {
    const folder = await flakeProject(composingFlake);
    const { stderr, status } = await run(folder, '-f', 'local', ...words);
    expect(stderr).toContain(`${option} means nothing for the flavour local`);
    expect(status).toBe(2);
  });
});
