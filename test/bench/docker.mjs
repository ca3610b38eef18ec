/**
 * What the flavour `docker` costs, on a project of test/fixtures/projects, beside bare nix, docker and compose and beside
 * upstream's tool (.venv-upstream). Left out where there is no Docker engine or no Nix.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProject } from '../../dist/src/composition/project.js';
import { createManager } from '../../dist/src/deployment/manager.js';
import { JobBoard } from '../../dist/src/jobs/board.js';
import { median, timed } from './measure.mjs';

const fromRoot = path => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const upstreamTool = fromRoot('.venv-upstream/bin/nxc');
const jobs = () => new JobBoard(new AbortController().signal);

const works = (program, ...args) => spawnSync(program, args, { stdio: 'ignore' }).status === 0;
const composeWords = works('docker', 'compose', 'version') ? ['docker', 'compose'] : ['docker-compose'];
const compose = (folder, ...words) => {
  const [program, ...first] = composeWords;
  execFileSync(program, [...first, ...words], { cwd: folder, stdio: 'ignore' });
};

export async function benchDocker() {
  if (!works('docker', 'info') || !works('nix', '--version')) return [];
  process.env.NIX_CONFIG =
    'build-users-group =\nsandbox = false\nsubstituters =\nexperimental-features = nix-command flakes';
  const folder = await mkdtemp(join(tmpdir(), 'nxc-bench-'));
  execFileSync(process.execPath, [fromRoot('test/fixtures/projects/make.mjs'), 'one', folder]);
  const manager = createManager();
  try {
    const project = findProject(folder);
    const build = () => manager.build({ project, flavour: 'docker' }, jobs());
    const built = await build();
    const theirs = existsSync(upstreamTool) ? await measureUpstream(folder) : {};
    return [
      await noOpBuild(folder, build, theirs),
      ...(await oneDeployment(manager, built, folder, theirs)),
      await twentyNodes(manager, built, folder),
    ];
  } finally {
    await manager.close({ stopOwn: true });
    await rm(folder, { recursive: true });
  }
}

async function noOpBuild(folder, build, theirs) {
  const nix = () =>
    execFileSync(
      'nix',
      ['build', `${folder}#packages.x86_64-linux.composition::docker`, '--no-link', '--json'],
      {
        stdio: 'ignore',
      },
    );
  nix();
  // In turns, so that what else the machine does meets both alike.
  const [bare, ours] = [[], []];
  for (let run = 0; run < 10; run++) {
    bare.push(...(await timed(1, nix)));
    ours.push(...(await timed(1, build)));
  }
  return {
    what: 'docker: build, nothing to do',
    ours: median(ours),
    goal: '≤ 1.15 × bare nix',
    peers: { 'bare `nix build`': median(bare), ...of(theirs, 'build') },
  };
}

async function oneDeployment(manager, built, folder, theirs) {
  let deployment;
  const starts = [];
  const stops = [];
  const rows = [];
  for (let run = 0; run < 3; run++) {
    starts.push(
      ...(await timed(1, async () => {
        deployment = await manager.start(built, { directory: folder }, jobs());
      })),
    );
    if (run === 0) rows.push(...(await commands(deployment, theirs)));
    stops.push(...(await timed(1, () => manager.stop(deployment, jobs()))));
  }
  return [
    {
      what: 'docker: start 4 nodes, until all have booted',
      ours: median(starts),
      goal: '≤ ⅓ of upstream',
      peers: of(theirs, 'start'),
    },
    ...rows,
    {
      what: 'docker: stop 4 nodes, until all are gone',
      ours: median(stops),
      goal: '≤ ⅓ of upstream',
      peers: of(theirs, 'stop'),
    },
  ];
}

async function commands(deployment, theirs) {
  const node = deployment.transport('server');
  const [container] = lines(
    'docker',
    'ps',
    '--filter',
    'label=com.docker.compose.service=server',
    '--format',
    '{{.ID}}',
  );
  await timed(50, () => node.exec('true'));
  const one = await timed(200, () => node.exec('true'));
  const bare = await timed(10, () => spawnSync('docker', ['exec', container, 'true']));
  const [twenty] = await timed(1, async () => {
    for (let i = 0; i < 20; i++) await node.exec('true');
  });
  return [
    {
      what: 'docker: command `true` on a node, p50',
      ours: median(one),
      goal: '≤ 3 ms',
      peers: { 'bare `docker exec`': median(bare), ...of(theirs, 'command') },
    },
    { what: 'docker: 20 commands, one after the other', ours: twenty, peers: of(theirs, 'twenty') },
  ];
}

/** The same compose file, up until all nodes have booted, by compose alone and by us, in turns. */
async function twentyNodes(manager, built, folder) {
  const [bare, ours] = [[], []];
  for (let run = 0; run < 3; run++) {
    const at = await mkdtemp(join(tmpdir(), 'nxc-bench-'));
    const file = JSON.parse(await readFile(built.info['docker-compose-file'], 'utf8'));
    const { client } = file.services;
    const names = Array.from({ length: 20 }, (_, i) => `client${i + 1}`);
    file.services = Object.fromEntries(names.map(name => [name, { ...client, hostname: name }]));
    await writeFile(join(at, 'docker-compose.json'), JSON.stringify(file));
    bare.push(
      ...(await timed(1, () => {
        compose(at, '-f', 'docker-compose.json', 'up', '-d');
        booted(lines(...composeWords, '-f', join(at, 'docker-compose.json'), 'ps', '-q'));
      })),
    );
    compose(at, '-f', 'docker-compose.json', 'down', '--volumes', '--timeout', '1');
    await rm(at, { recursive: true });

    let deployment;
    const distribution = { broken: [], server: [], client: 20 };
    ours.push(
      ...(await timed(1, async () => {
        deployment = await manager.start(built, { directory: folder, distribution }, jobs());
      })),
    );
    await manager.stop(deployment, jobs());
  }
  return {
    what: 'docker: start 20 nodes, until all have booted',
    ours: median(ours),
    goal: '≤ 1.3 × bare compose',
    peers: { 'bare compose': median(bare) },
  };
}

/** What upstream's tool needs for the same, in ms. It waits for nothing: until all have booted, or are gone, is waited here. */
async function measureUpstream(folder) {
  const environment = { ...process.env };
  if (composeWords.length === 1) environment.DOCKER_CONFIG = fromRoot('test/helpers/compose-plugin');
  const nxc = (...words) =>
    execFileSync(upstreamTool, words, {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
    });
  const ofProject = [
    '--filter',
    `label=com.docker.compose.project.working_dir=${folder}/artifact/composition/docker`,
  ];
  const containers = () => lines('docker', 'ps', '-aq', ...ofProject);

  const [build] = await timed(1, () => nxc('build', '-f', 'docker'));
  const [start] = await timed(1, () => {
    nxc('start');
    booted(containers());
  });
  const script = join(folder, 'bench.py');
  await writeFile(
    script,
    `import json, time
start_all()
server.succeed("true")
times = []
for _ in range(20):
    before = time.perf_counter()
    server.succeed("true")
    times.append(1000 * (time.perf_counter() - before))
print("TIMES", json.dumps(times))
`,
  );
  const times = JSON.parse(/^TIMES (.*)$/m.exec(nxc('driver', script))[1]);
  const [stop] = await timed(1, async () => {
    nxc('stop');
    while (containers().length > 0) await new Promise(done => setTimeout(done, 20));
  });
  await rm(join(folder, 'deploy'), { recursive: true });
  return { build, start, command: median(times), twenty: times.reduce((sum, time) => sum + time), stop };
}

/** Blocks until the systemd of each container has started its units. */
const booted = containers => {
  for (const id of containers) spawnSync('docker', ['exec', id, 'systemctl', 'is-system-running', '--wait']);
};

const of = (theirs, what) => (theirs[what] === undefined ? {} : { upstream: theirs[what] });

const lines = (program, ...args) =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    .split('\n')
    .filter(Boolean);
