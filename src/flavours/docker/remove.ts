import { setTimeout as sleep } from 'node:timers/promises';
import type { DeploymentRecord } from '../record.js';
import { Artifact } from './artifact.js';
import { type ContainerEntry, containerPath } from './containers.js';
import type { Engine } from './engine/engine.js';
import { ofRun } from './labels.js';
import { RunFolder } from './run-folder.js';
import { engineOf, runtimeOf } from './runtime.js';
import { closeTransports } from './transports.js';

/** Removes all of a deployment, whatever is left of it, and resolves when it is gone. */
export async function remove(record: DeploymentRecord): Promise<void> {
  const { run } = record['x-nxc'];
  const { project } = runtimeOf(record);
  await closeTransports(record);
  await removeRun(engineOf(record), run);
  new RunFolder(run).remove();
  if (project) new Artifact(record, project).remove();
}

/** Milliseconds between looks: what a killed compose had asked for may still come. */
const pause = 50;

/** Removes containers, network and volumes of a run. */
export async function removeRun(engine: Engine, run: string): Promise<void> {
  for (let found = await containers(engine, run); found.length > 0; found = await containers(engine, run)) {
    await Promise.all(found.map(({ Id }) => removeContainer(engine, Id)));
    await sleep(pause);
  }
  const networks = await engine.get<Array<{ Id: string }>>('/networks', { query: ofRun(run) });
  await Promise.all(networks.map(({ Id }) => engine.delete(`/networks/${Id}`, { accept: [404] })));
  const { Volumes } = await engine.get<{ Volumes: Array<{ Name: string }> | null }>('/volumes', {
    query: ofRun(run),
  });
  await Promise.all(
    (Volumes ?? []).map(({ Name }) =>
      engine.delete(`/volumes/${encodeURIComponent(Name)}`, { accept: [404] }),
    ),
  );
}

const containers = (engine: Engine, run: string): Promise<ContainerEntry[]> =>
  engine.get('/containers/json', { query: { all: true, ...ofRun(run) } });

/** Another one may be at it (409). */
const removeContainer = (engine: Engine, id: string): Promise<void> =>
  engine.delete(containerPath(id), { query: { force: true, v: true }, accept: [404, 409] });
