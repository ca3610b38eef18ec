import type { Job, JobContext } from '../../jobs/job.js';
import type { StartRequest } from '../flavour.js';
import type { DeploymentRecord } from '../record.js';
import { Artifact, composeProject } from './artifact.js';
import { bringUp } from './bring-up.js';
import { RoleServices } from './compose-file.js';
import { inspectAll } from './containers.js';
import { engineAt } from './engine/engine.js';
import { engineSocket } from './engine/socket.js';
import { DockerError } from './errors.js';
import { ensureImage } from './image.js';
import { labelsOf, ofDeployment } from './labels.js';
import { noteContainers } from './note-containers.js';
import { onNode } from './reach.js';
import { remove } from './remove.js';
import { RunFolder } from './run-folder.js';
import type { DockerRuntime } from './runtime.js';

/** Starts a deployment; on failure or interrupt nothing of it is left. */
export async function start(request: StartRequest, jobs: JobContext): Promise<void> {
  const { build, nodes, record, save } = request;
  const services = new RoleServices(textOf(build.info, 'docker-compose-file'));
  const runtime: DockerRuntime = {
    socket: engineSocket(),
    project: composeProject(record),
    nixos: nodes.filter(({ role }) => services.isNixos(role)).map(({ name }) => name),
    containers: {},
  };
  const engine = engineAt(runtime.socket);
  const image = await ensureImage(engine, textOf(build.info, 'image'), jobs);
  const artifact = new Artifact(record);
  const folder = new RunFolder(record['x-nxc'].run);
  const perNode = new Map<string, Job>(nodes.map(({ name }) => [name, jobs.job('start', { node: name })]));
  try {
    record['docker-compose-file'] = artifact.composeFile;
    record['x-nxc'].runtime = { ...runtime };
    await save();
    folder.prepare(nodes.map(({ name }) => name));
    folder.belongTo(record['x-nxc'].project);
    const composeFile = services.place({
      nodes,
      labels: labelsOf(record),
      image,
      project: runtime.project,
      binds: node => [
        { source: artifact.deploymentFile, target: '/etc/nxc/deployment.json', readOnly: false },
        { source: folder.node(node), target: onNode.runtime, readOnly: false },
        { source: folder.lib, target: onNode.lib, readOnly: true },
      ],
    });
    artifact.write(composeFile, upstreamPart(record));
    await bringUp({ request, runtime, artifact, perNode }, jobs);
    noteContainers(record, await inspectAll(engine, ofDeployment(record)));
    await save();
  } catch (error) {
    for (const job of perNode.values()) {
      if (jobs.signal.aborted) job.cancel();
      else job.fail('the start failed');
    }
    // When the engine is gone as well, this is for the next stop or start.
    await remove(record).catch(() => {});
    throw error;
  }
}

/** Upstream's deployment file: nodes find each other's roles in it. */
function upstreamPart({ 'x-nxc': _, ...upstream }: DeploymentRecord): object {
  return upstream;
}

function textOf(info: Readonly<Record<string, unknown>>, key: string): string {
  const value = info[key];
  if (typeof value === 'string') return value;
  throw new DockerError({
    asked: `the build does not say its ${key}`,
    found: `it has ${Object.keys(info).join(', ')}`,
    todo: 'build again with `nxc build -f docker`',
  });
}
