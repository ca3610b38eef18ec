import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { readBuild } from '../../src/composition/compose-info.js';
import { readFlakeTemplate } from '../../src/composition/flake-templates.js';
import { buildWithNix } from '../../src/composition/nix-build.js';
import { openProject } from '../../src/composition/project.js';
import { resolveBuildLink } from '../../src/composition/store.js';
import type { Build, BuildRequest } from '../../src/composition/types.js';
import { InterruptedError } from '../../src/errors.js';
import { JobBoard } from '../../src/jobs/board.js';
import { findNix } from '../../src/nix-cli/find.js';
import { readAllStats } from '../../src/process/proc.js';
import {
  composeInfo,
  composingFlake,
  flakeProject,
  gitIn,
  NIX_CONFIG,
  nixInstalled,
  useNix,
  withoutNix,
} from '../helpers/nix.js';
import { temporaryFolder } from '../helpers/temporary.js';
import { until } from '../helpers/until.js';

beforeAll(useNix);
afterEach(() => vi.unstubAllEnvs());

const output = (name: string, roles = ['foo']) =>
  `"${name}" = build "compose-info" ''echo '${composeInfo(roles)}' > $out'';`;

interface Built extends Build {
  board: string;
}

async function build(
  folder: string,
  request: Partial<BuildRequest> = {},
  signal = new AbortController().signal,
): Promise<Built> {
  const board = new JobBoard(signal);
  const built = await buildWithNix('docker', { project: openProject(folder), ...request }, board);
  return { ...built, board: board.toMimeBundle()['text/plain'] };
}

/** The message of the error that a build ends with; the project's folder is written as /project. */
async function failure(folder: string, request: Partial<BuildRequest> = {}): Promise<string> {
  const error = await build(folder, request).then(
    () => new Error('the build succeeded'),
    (error: Error) => error,
  );
  expect(error).toHaveProperty('parts');
  return error.message.replaceAll(folder, '/project');
}

describe.skipIf(!nixInstalled)(`nix build${withoutNix}`, () => {
  it('leaves a link into the store named after the composition file, and one line', async () => {
    const folder = await flakeProject({
      packages: `{ ${output('composition::docker', ['server', 'client'])} }`,
    });
    const built = await build(folder);
    expect(built).toMatchObject({
      composition: 'composition',
      flavour: 'docker',
      roles: ['client', 'server'],
    });
    expect(built.link).toBe(join(folder, 'build/composition::docker'));
    expect(readlinkSync(built.link)).toMatch(/^\/nix\/store\/.*-compose-info$/);
    expect(built.board).toMatch(/^✔ build: composition::docker, 2 roles [\d.]+ m?s$/);
  });

  it('puts the link where it is asked to', async () => {
    const folder = await flakeProject({ packages: `{ ${output('composition::docker')} }` });
    const { link } = await build(folder, { outLink: 'here' });
    expect(link).toBe(join(folder, 'here'));
    expect(existsSync(join(folder, 'build'))).toBe(false);
    expect(readlinkSync(link)).toContain('/nix/store/');
  });

  it('passes flags on to Nix', async () => {
    const folder = await flakeProject({
      packages: `{ "composition::docker" = throw "user is \${builtins.getEnv "NXC_TEST_USER"}"; }`,
    });
    vi.stubEnv('NXC_TEST_USER', 'anna');
    expect(await failure(folder, { nixFlags: ['--impure'] })).toContain('user is anna');
  });

  it('reads every file of a project outside of git', async () => {
    const folder = await flakeProject({ packages: `{ ${output('composition::docker')} }`, git: false });
    expect((await build(folder)).roles).toEqual(['foo']);
  });

  it.each([
    ['of git', { git: true }],
    ['outside of git', { git: false }],
  ])('reads a project %s whose folder has a name that URLs do not take', async (_, options) => {
    const folder = join(await temporaryFolder(), "l'été #1 100%");
    await flakeProject({ packages: `{ ${output('composition::docker')} }`, folder, ...options });
    expect((await build(folder)).roles).toEqual(['foo']);
    expect(readlinkSync(join(folder, 'build/composition::docker'))).toMatch(/^\/nix\/store\//);
  });
});

describe.skipIf(!nixInstalled)(`what a Nix build chooses${withoutNix}`, () => {
  const setup = '# mine\n[params]\nclients = 2\nname = "base"\n[dev.params]\nclients = 5\n';
  const reads = {
    ...composingFlake,
    files: {
      ...composingFlake.files,
      'setup.toml': setup,
      'composition.nix':
        '{ setup }: { roles."c${toString setup.params.clients}-${setup.params.name}" = { }; }\n',
    },
  };

  it('gives the flake a variant and parameters for one build, and leaves setup.toml as it is', async () => {
    const folder = await flakeProject(reads);
    const before = readdirSync(tmpdir()).filter(name => name.startsWith('nxc-flake-'));
    const dev = await build(folder, { setup: 'dev', setupParams: { name: 'mine' } });
    expect(dev.roles).toEqual(['c5-mine']);
    expect(dev.setup).toEqual({ variant: 'dev', params: { clients: 5, name: 'mine' } });
    expect((await readBuild(dev.link)).setup).toEqual(dev.setup);
    expect(readFileSync(join(folder, 'setup.toml'), 'utf8')).toBe(setup);
    expect(gitIn(folder, 'status', '--porcelain', '--', '*.toml', '*.nix')).toBe('');
    expect(readdirSync(tmpdir()).filter(name => name.startsWith('nxc-flake-'))).toEqual(before);
    const plain = await build(folder);
    expect(plain.roles).toEqual(['c2-base']);
    expect(plain.setup).toEqual({ params: { clients: 2, name: 'base' } });
  });

  it('lets a parameter win over the variant', async () => {
    const folder = await flakeProject(reads);
    expect((await build(folder, { setup: 'dev', setupParams: { clients: 9 } })).roles).toEqual(['c9-base']);
  });

  it('builds the variant that setup.toml selects, does not use the parameters that upstream left there, and says so', async () => {
    const left = `${setup}[project]\nselected = "dev"\n[override-params]\nname = "stale"\n`;
    const folder = await flakeProject({ ...reads, files: { ...reads.files, 'setup.toml': left } });
    const built = await build(folder);
    expect(built.roles).toEqual(['c5-base']);
    expect(built.board).toContain('of an earlier build is not used');
    expect(readFileSync(join(folder, 'setup.toml'), 'utf8')).toBe(left);
  });

  it('refuses a parameter that flake.nix would not read', async () => {
    const folder = await flakeProject({
      packages: `{ ${output('composition::docker')} }`,
      files: { 'setup.toml': setup },
    });
    expect(await failure(folder, { setupParams: { clients: 3 } })).toMatch(
      /flake.nix does not read setup.toml.*to do: .*setup = \.\/setup\.toml/s,
    );
  });

  it('builds the composition file that was asked for, with what lies beside it, under its own name', async () => {
    const files = {
      ...reads.files,
      'other/big one.nix': 'args: { roles = import ./roles.nix; }\n',
      'other/roles.nix': '{ big = { }; }\n',
    };
    const folder = await flakeProject({ ...reads, files });
    const built = await build(folder, { compositionFile: 'other/big one.nix' });
    expect(built).toMatchObject({ composition: 'big one', roles: ['big'] });
    expect(built.link).toBe(join(folder, 'build/big one::docker'));
    expect((await build(folder)).roles).toEqual(['c2-base']);
  });

  it('keeps what a project takes from the repository around it', async () => {
    const outer = await temporaryFolder();
    const files = { ...reads.files, 'composition.nix': 'args: { roles = import ../roles.nix; }\n' };
    const folder = await flakeProject({ ...reads, files, git: false, folder: join(outer, 'my lab') });
    writeFileSync(join(outer, 'roles.nix'), '{ shared = { }; }\n');
    gitIn(outer, 'init', '-q');
    gitIn(outer, 'add', '--all');
    expect((await build(folder)).roles).toEqual(['shared']);
    expect((await build(folder, { setup: 'dev' })).roles).toEqual(['shared']);
  });

  it('refuses a composition file that Nix would not see', async () => {
    const folder = await flakeProject(reads);
    expect(await failure(folder, { compositionFile: 'none.nix' })).toBe(
      'there is no composition file /project/none.nix',
    );
    const outside = join(await temporaryFolder(), 'composition2.nix');
    writeFileSync(outside, '{ }');
    expect(await failure(folder, { compositionFile: outside })).toMatch(
      /outside of the project.*copy it into/s,
    );
  });

  it('takes the only composition of a flavour whatever the flake calls it', async () => {
    const folder = await flakeProject({ packages: `{ ${output('web::docker')} ${output('web::vm')} }` });
    const built = await build(folder);
    expect(built).toMatchObject({ composition: 'web', link: join(folder, 'build/web::docker') });
  });

  it('takes the composition that is named, dots and all', async () => {
    const folder = await flakeProject({
      packages: `{ ${output('v1.2::docker', ['a'])} ${output('web::docker', ['b'])} }`,
    });
    expect(await build(folder, { compositionName: 'v1.2' })).toMatchObject({
      composition: 'v1.2',
      roles: ['a'],
    });
  });

  it('builds all compositions in one image', async () => {
    const info = {
      flavour: { name: 'vm' },
      compositions_info: { a: { roles: { x: {} } }, b: { roles: { x: {}, y: {} } } },
    };
    const folder = await flakeProject({
      packages: `{ "::vm" = build "info" ''echo '${JSON.stringify(info)}' > $out''; }`,
    });
    const jobs = new JobBoard(new AbortController().signal);
    const request = { project: openProject(folder), compositionName: '' };
    const built = await buildWithNix('vm', request, jobs);
    expect(built).toMatchObject({ composition: '', roles: ['x', 'y'], link: join(folder, 'build/::vm') });
  });

  it('asks which one when the flake has several', async () => {
    const folder = await flakeProject({ packages: `{ ${output('api::docker')} ${output('web::docker')} }` });
    expect(await failure(folder)).toBe(
      'the flake has several compositions for docker\nfound: api::docker, web::docker\nto do: choose one: nxc build -C api::docker',
    );
  });

  it('names near outputs when one is missing, also when another one is broken', async () => {
    const folder = await flakeProject({
      packages: `{ ${output('web::docker')} "api::docker" = throw "broken"; }`,
    });
    expect(await failure(folder, { compositionName: 'wbe' })).toBe(
      'the flake has no "wbe::docker" among its packages\ndid you mean web::docker?\nfound: api::docker, web::docker\nto do: choose one: nxc build -C api::docker',
    );
  });
});

describe.skipIf(!nixInstalled)(`a Nix build that fails${withoutNix}`, () => {
  it('shows the derivation that failed, the end of its log, and how to read all of it', async () => {
    const script = 'for i in $(seq 40); do echo "line $i"; done; exit 3';
    const folder = await flakeProject({
      packages: `{ "composition::docker" = build "info" "cat \${build "broken-part" ''${script}''} > $out"; }`,
    });
    const message = await failure(folder);
    expect(message).toContain('composition::docker cannot be built: broken-part failed\n');
    expect(message).toContain('exit code 3');
    expect(message.match(/│ line \d+/g)).toEqual(Array.from({ length: 25 }, (_, i) => `│ line ${i + 16}`));
    expect(message).toMatch(/nix log \/nix\/store\/.*-broken-part\.drv$/);
  });

  it("tells an error of evaluation with the place in the user's own file", async () => {
    const files = {
      ...composingFlake.files,
      'composition.nix': '{ setup }: {\n  roles = undefinedThing;\n}\n',
    };
    const folder = await flakeProject({ ...composingFlake, files });
    const message = await failure(folder);
    expect(message).toMatch(/^undefined variable 'undefinedThing'\n/);
    expect(message).toContain('at /project/composition.nix:2:11:');
    expect(message).toContain('2|   roles = undefinedThing;');
    expect(message).not.toContain('/nix/store');
    expect(message).toContain('nxc build --show-trace');
  });

  it('keeps the link of the last build that succeeded', async () => {
    const folder = await flakeProject(composingFlake);
    const { link } = await build(folder);
    const target = readlinkSync(link);
    writeFileSync(join(folder, 'composition.nix'), 'args: throw "no"');
    await failure(folder);
    expect(readlinkSync(link)).toBe(target);
  });

  it('offers the command for sources that git does not track, before Nix is asked', async () => {
    const folder = await flakeProject(composingFlake);
    gitIn(folder, 'rm', '-q', '--cached', 'composition.nix');
    expect(await failure(folder)).toBe(
      'composition.nix is not tracked by git, so Nix does not see it\nfound: a git repository in /project\nto do: git -C /project add -- composition.nix',
    );
  });

  it('offers the command for an imported file that git does not track', async () => {
    const files = {
      ...composingFlake.files,
      'composition.nix': 'args: { roles = import ./lib/my-roles.nix; }\n',
    };
    const folder = await flakeProject({ ...composingFlake, files });
    mkdirSync(join(folder, 'lib'));
    writeFileSync(join(folder, 'lib/my-roles.nix'), '{ }');
    const message = await failure(folder);
    expect(message).toMatch(/^lib.* is not tracked by git/);
    const command = message.match(/to do: git -C \/project (.*)/)![1]!;
    gitIn(folder, ...command.split(' '));
    expect((await build(folder)).roles).toEqual([]);
  });

  it('says for which systems the flake builds when this machine is none of them', async () => {
    const system = 'riscv64-linux';
    const folder = await flakeProject({ packages: `{ ${output('composition::docker')} }`, system });
    expect(await failure(folder)).toMatch(
      /^the flake builds nothing for this machine, a \S+\nfound: packages for riscv64-linux\n/,
    );
  });

  it('says so when what it has to build is for another system', async () => {
    const folder = await flakeProject({
      packages: '{ "composition::docker" = derivationFor "riscv64-linux" "part" "true"; }',
    });
    expect(await failure(folder)).toMatch(
      /is for another system than this machine\nfound: part is built on riscv64-linux, this is /,
    );
  });

  it('says what a flake without packages needs', async () => {
    const folder = await flakeProject({ packages: '{ }', files: { 'flake.nix': '{ outputs = _: { }; }' } });
    expect(await failure(folder)).toMatch(/has no "composition::docker".*nxc\.lib\.compose/s);
  });

  it('says how to get Nix where there is none', async () => {
    vi.stubEnv('HOME', await temporaryFolder());
    vi.stubEnv(
      'PATH',
      (process.env.PATH ?? '')
        .split(':')
        .filter(path => !existsSync(join(path, 'nix')))
        .join(':'),
    );
    if (existsSync('/nix/var/nix/profiles/default/bin/nix')) expect(findNix()).toContain('/profiles/');
    else expect(findNix).toThrow(/Nix is needed.*nxc helper install-nix/s);
  });
});

describe.skipIf(!nixInstalled)(`a Nix build that is interrupted${withoutNix}`, () => {
  it('ends Nix, its builders, and what these put into sessions of their own, and keeps nothing', async () => {
    const marker = `8${process.pid}0${Date.now() % 1000}`;
    const remaining = () => readAllStats().filter(({ pid }) => commandLine(pid).includes(marker));
    onTestFinished(() => {
      for (const { pid } of remaining()) process.kill(pid, 'SIGKILL');
    });
    const folder = await flakeProject({
      packages: `{ "composition::docker" = build "slow" "setsid sleep ${marker} & trap true INT TERM; echo begun; sleep ${marker}; wait"; }`,
    });
    const interrupt = new AbortController();
    const board = new JobBoard(interrupt.signal);
    const building = buildWithNix('docker', { project: openProject(folder) }, board);
    const ended = building.catch(error => error);
    await until(() => board.toMimeBundle()['text/plain'].includes('slow: begun'));
    expect(board.toMimeBundle()['text/plain']).toMatch(/^▸ build: 0\/1 built.*\n {2}│ slow: begun$/);
    interrupt.abort();
    expect(await ended).toBeInstanceOf(InterruptedError);
    expect(board.toMimeBundle()['text/plain']).toMatch(/^■ build: cancelled/);
    await until(() => remaining().length === 0);
    expect(existsSync(join(folder, 'build/composition::docker'))).toBe(false);
  });
});

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

const namespaces = spawnSync('unshare', ['--map-root-user', '--mount', 'true']).status === 0;
const why = !nixInstalled ? withoutNix : namespaces ? '' : ' (skipped: no user namespaces)';

describe.skipIf(!nixInstalled || !namespaces)(`a rootless store below the home folder${why}`, () => {
  it('builds into it, reads builds and templates from it, and tells errors of it', async () => {
    const home = await temporaryFolder();
    // Folders of a store cannot be written, so an ordinary user could not remove them.
    onTestFinished(() => void spawnSync('chmod', ['-R', 'u+w', home]));
    vi.stubEnv('HOME', home);
    const store = join(home, '.local/share/nix/root');
    // Builds happen with this store at /nix/store, so in a mount namespace that is given bash.
    const paths = ['/bin', '/usr', '/lib', '/lib64', '/etc'].filter(path => existsSync(path));
    const settings = ['sandbox = true', `sandbox-paths = ${paths.join(' ')}`, `store = ${store}`];
    vi.stubEnv('NIX_CONFIG', [NIX_CONFIG, ...settings].join('\n'));
    const folder = await flakeProject({ packages: `{ ${output('composition::docker', ['rootless'])} }` });
    const { link, roles } = await build(folder);
    expect(roles).toEqual(['rootless']);
    const target = readlinkSync(link);
    expect(existsSync(target)).toBe(false);
    expect(resolveBuildLink(link)).toBe(join(store, target));
    expect((await readBuild(link)).roles).toEqual(['rootless']);
    const jobs = new JobBoard(new AbortController().signal);
    const templates = join(folder, 'templates');
    mkdirSync(templates);
    writeFileSync(join(templates, 'composition.nix'), '{ }');
    writeFileSync(
      join(folder, 'flake.nix'),
      '{ outputs = _: { templates.lab = { path = ./templates; }; packages.x86_64-linux."composition::docker" = 1 2; }; }',
    );
    gitIn(folder, 'add', '--all');
    const files = await readFlakeTemplate({ flake: '.', name: 'lab' }, folder, jobs);
    expect(Object.keys(files)).toEqual(['composition.nix']);
    expect(await failure(folder)).toMatch(/^attempt to call something .*\n\nat \/project\/flake\.nix:1:/);
  });
});
