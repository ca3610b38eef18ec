import { setTimeout as sleep } from 'node:timers/promises';
import type { DeploymentRecord } from '../record.js';
import { removeContents } from './adopt.js';
import { Artifact } from './artifact.js';
import { type ContainerEntry, containerPath } from './containers.js';
import type { Engine } from './engine/engine.js';
import { DockerError } from './errors.js';
import { composeLabels, type Labelled, labelled, ofDeployment, ofRun } from './labels.js';
import { RunFolder, sharedFolder } from './run-folder.js';
import { engineOf, runtimeOf } from './runtime.js';
import { closeTransports } from './transports.js';

/** Removes all of a deployment, whatever is left of it, and resolves when it is gone. */
export async function remove(record: DeploymentRecord): Promise<void> {
  const { run } = record['x-nxc'];
  const { project, adopted } = runtimeOf(record);
  const engine = engineOf(record);
  await closeTransports(record);
  if (adopted) {
    await removeContainers(engine, ofDeployment(record));
    // All that upstream starts on a machine has this name and this network (403: another one uses it). The volume stays, as it does
    // with upstream: nobody knows whose it is.
    await removeNetworks(engine, labelled(composeLabels.project, project), [403]);
    removeContents(sharedFolder(run));
  } else {
    await removeRun(engine, run);
    new Artifact(record).remove();
  }
  new RunFolder(run).remove();
}

/** Milliseconds between looks: what a killed compose had asked for may still come. */
const pause = 50;
/** Milliseconds in which the engine must have removed a container; one that hangs (a dead mount) is never removed. */
const removalLimit = 60_000;

/** Removes containers, network and volumes of a run. */
export async function removeRun(engine: Engine, run: string): Promise<void> {
  await removeContainers(engine, ofRun(run));
  await Promise.all([removeNetworks(engine, ofRun(run)), removeVolumes(engine, run)]);
}

async function removeVolumes(engine: Engine, run: string): Promise<void> {
  const { Volumes } = await engine.get<{ Volumes: Array<{ Name: string }> | null }>('/volumes', {
    query: ofRun(run),
  });
  await Promise.all(
    (Volumes ?? []).map(({ Name }) =>
      engine.delete(`/volumes/${encodeURIComponent(Name)}`, { accept: [404] }),
    ),
  );
}

async function removeContainers(engine: Engine, which: Labelled): Promise<void> {
  const look = () => engine.get<ContainerEntry[]>('/containers/json', { query: { all: true, ...which } });
  const end = Date.now() + removalLimit;
  let again = false;
  for (let found = await look(); found.length > 0; found = await look()) {
    if (Date.now() > end) {
      throw new DockerError({
        asked: `these containers cannot be removed: ${found.map(({ Id }) => Id.slice(0, 12)).join(', ')}`,
        found: `the engine still has them after ${removalLimit / 1000} s`,
        todo: 'see its log, restart it, and run `nxc stop` again',
      });
    }
    if (again) await sleep(pause);
    again = true;
    await Promise.all(found.map(({ Id }) => removeContainer(engine, Id)));
  }
}

async function removeNetworks(engine: Engine, which: Labelled, accept: number[] = []): Promise<void> {
  const networks = await engine.get<Array<{ Id: string }>>('/networks', { query: which });
  await Promise.all(networks.map(({ Id }) => engine.delete(`/networks/${Id}`, { accept: [404, ...accept] })));
}

/** Another one may be at it (409). */
const removeContainer = (engine: Engine, id: string): Promise<void> =>
  engine.delete(containerPath(id), { query: { force: true, v: true }, accept: [404, 409] });
