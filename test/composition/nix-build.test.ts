import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildWithNix } from '../../src/composition/nix-build.js';
import { openProject } from '../../src/composition/project.js';
import type { Build, BuildRequest } from '../../src/composition/types.js';
import { JobBoard } from '../../src/jobs/board.js';
import { composeInfo, flakeProject, nixInstalled, useNix, withoutNix } from '../helpers/nix.js';

beforeAll(useNix);

const docker = (roles: string[], name = 'composition') =>
  `"${name}::docker" = build "compose-info" ''echo '${composeInfo(roles)}' > $out'';`;

async function build(
  folder: string,
  request: Partial<BuildRequest> = {},
): Promise<{ build: Build; board: JobBoard; text(): string }> {
  const board = new JobBoard(new AbortController().signal);
  const built = await buildWithNix('docker', { project: openProject(folder), ...request }, board);
  return { build: built, board, text: () => board.toMimeBundle()['text/plain'] };
}

describe.skipIf(!nixInstalled)(`nix build${withoutNix}`, () => {
  it('leaves a link into the store, named after the composition file', async () => {
    const folder = await flakeProject({ packages: `{ ${docker(['client', 'server'])} }` });
    const { build: built, text } = await build(folder);
    expect(built).toMatchObject({
      composition: 'composition',
      flavour: 'docker',
      roles: ['client', 'server'],
    });
    expect(built.link).toBe(join(folder, 'build/composition::docker'));
    expect(readlinkSync(built.link)).toMatch(/^\/nix\/store\/.*-compose-info$/);
    expect(text()).toMatch(/^✔ build: composition::docker, 2 roles [\d.]+ m?s$/);
  });

  it('shows the derivation that failed, the end of its log, and how to read all of it', async () => {
    const script = 'for i in $(seq 40); do echo "line $i"; done; exit 3';
    const folder = await flakeProject({
      packages: `{ "composition::docker" = build "info" "cat \${build "broken-part" ''${script}''} > $out"; }`,
    });
    const failure = (await build(folder).catch(error => error)) as Error;
    expect(failure.message).toMatch(/composition::docker cannot be built: broken-part failed/);
    expect(failure.message).toMatch(/exit code 3/);
    expect(failure.message.match(/│ line \d+/g)).toEqual(
      Array.from({ length: 25 }, (_, i) => `│ line ${i + 16}`),
    );
    expect(failure.message).toMatch(/to do: nix log \/nix\/store\/.*-broken-part\.drv/);
  });
});
