import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openProject } from '../../src/composition/project.js';
import { findTool } from '../../src/composition/tools.js';
import { JobBoard } from '../../src/jobs/board.js';
import { flakeProject, nixInstalled, useNix, withoutNix } from '../helpers/nix.js';
import { temporaryFolder } from '../helpers/temporary.js';

const NAME = 'nxc-test-compose';

/** A dev shell as stdenv.mkDerivation makes it, as far as `nix print-dev-env` looks at it. */
const shellWith = (tools: string) => `derivation {
  name = "shell";
  system = "x86_64-linux";
  builder = "/bin/bash";
  args = [ "-c" "true" ];
  outputs = [ "out" ];
  stdenv = build "stdenv" "mkdir $out; echo > $out/setup";
  PATH = "${tools}/usr/bin:/bin";
}`;
const tool = `\${build "tool" "mkdir -p $out/bin; echo 'echo it works' > $out/bin/${NAME}; chmod +x $out/bin/${NAME}"}/bin:`;

let cache: string;
beforeEach(async () => {
  useNix();
  cache = await temporaryFolder();
  vi.stubEnv('XDG_CACHE_HOME', cache);
});
afterEach(() => vi.unstubAllEnvs());

async function find(folder: string): Promise<{ path: string; board: string }> {
  const board = new JobBoard(new AbortController().signal);
  const path = await findTool(NAME, openProject(folder), board);
  return { path, board: board.toMimeBundle()['text/plain'] };
}

const project = (shells: string) => flakeProject({ packages: `{ }; devShells.x86_64-linux = { ${shells} }` });

describe('a tool that a flavour needs', () => {
  it('is taken from PATH without asking Nix', async () => {
    const folder = await temporaryFolder();
    writeFileSync(join(folder, NAME), '');
    chmodSync(join(folder, NAME), 0o755);
    vi.stubEnv('PATH', folder);
    expect(await find(folder)).toEqual({ path: join(folder, NAME), board: '' });
  });

  it.skipIf(!nixInstalled)(
    `comes from the first dev shell that has it, and is remembered until the flake changes${withoutNix}`,
    async () => {
      const folder = await project(`nxcShell = ${shellWith('')}; nxcShellLite = ${shellWith(tool)};`);
      const { path, board } = await find(folder);
      expect(path).toMatch(new RegExp(`^/nix/store/.*-tool/bin/${NAME}$`));
      expect(board).toMatch(/look for nxc-test-compose: in nxcShellLite/);
      const kept = join(cache, 'nxc/dev-shells');
      expect(statSync(join(kept, readdirSync(kept)[0]!)).mode & 0o777).toBe(0o600);
      expect(await find(folder)).toEqual({ path, board: '' });
      writeFileSync(join(folder, 'flake.nix'), '{ outputs = _: { }; }');
      await expect(find(folder)).rejects.toThrow(`the program ${NAME} is needed and not there`);
    },
  );

  it.skipIf(!nixInstalled)(`is missed with what to do when no shell has it${withoutNix}`, async () => {
    const folder = await project('');
    await expect(find(folder)).rejects.toThrow(/neither in PATH nor in a dev shell.*to do: install/s);
  });
});
