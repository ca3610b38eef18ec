/** What the flavour `local` costs: build, start, a command on a node, fan-out. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProject } from '../../dist/src/composition/project.js';
import { createManager } from '../../dist/src/deployment/manager.js';
import { JobBoard } from '../../dist/src/jobs/board.js';
import { median, timed } from './measure.mjs';

const composition = `{ pkgs, lib, ... }: {
  roles.node = { ... }: {
    environment.etc."motd".text = "a node";
    environment.variables.GREETING = lib.mkDefault "hello";
  };
}
`;

export async function benchDeployment() {
  const folder = await mkdtemp(join(tmpdir(), 'nxc-bench-'));
  await writeFile(join(folder, 'nxc.json'), '{"composition":"composition.nix"}');
  await writeFile(join(folder, 'composition.nix'), composition);
  const manager = createManager();
  try {
    return await measure(manager, findProject(folder));
  } finally {
    await manager.close({ stopOwn: true });
    await rm(folder, { recursive: true });
  }
}

async function measure(manager, project) {
  const jobs = () => new JobBoard(new AbortController().signal);
  const build = () => manager.build({ project, flavour: 'local' }, jobs());
  const [firstBuild] = await timed(1, build);
  const again = median(await timed(20, build));
  const built = await build();
  const rows = [
    { what: 'build, again', ours: again, goal: '≤ 50 ms', note: `the first one ${firstBuild.toFixed(0)} ms` },
  ];

  const goals = { 1: '', 10: '≤ 500 ms', 100: '≤ 2000 ms', 300: 'about linear' };
  for (const count of [1, 10, 100, 300]) {
    const starts = [];
    const stops = [];
    for (let run = 0; run < (count > 100 ? 1 : 3); run++) {
      let deployment;
      const options = { directory: project.directory, distribution: { node: count } };
      starts.push(
        ...(await timed(1, async () => {
          deployment = await manager.start(built, options, jobs());
        })),
      );
      if (run === 0 && count === 100) rows.push(...(await commands(deployment)));
      stops.push(...(await timed(1, () => manager.stop(deployment, jobs()))));
    }
    rows.push({
      what: `start ${count} node${count > 1 ? 's' : ''}`,
      ours: median(starts),
      goal: goals[count],
      note: `stop ${median(stops).toFixed(0)} ms`,
    });
  }
  return rows;
}

async function commands(deployment) {
  const transports = deployment.nodes.map(({ name }) => deployment.transport(name));
  const one = transports[0];
  const everywhere = command => () => Promise.all(transports.map(node => node.exec(command)));
  await Promise.all(transports.map(node => node.exec('true')));
  await timed(50, () => one.exec('true'));
  const spawned = median(await timed(100, () => spawnSync('bash', ['-c', 'true'])));
  const trivial = median(await timed(300, () => one.exec('true')));
  const all = median(await timed(10, everywhere('true')));
  const work = 'sleep 0.1; hostname';
  const oneWork = median(await timed(5, () => one.exec(work)));
  const allWork = median(await timed(5, everywhere(work)));
  return [
    {
      what: 'command `true` on a node, p50',
      ours: trivial,
      goal: '≤ 2 ms',
      peers: { '`bash -c true` spawned on the host': spawned },
    },
    {
      what: '`sleep 0.1; hostname` on 100 nodes at once',
      ours: allWork,
      goal: '≤ 5 × one node',
      peers: { 'one node': oneWork },
    },
    {
      what: '`true` on 100 nodes at once',
      ours: all,
      peers: { 'one node': trivial },
      note: 'a hundred forks on two cores',
    },
  ];
}
