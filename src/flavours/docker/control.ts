import { openProject } from '../../composition/project.js';
import { JobBoard } from '../../jobs/board.js';
import { TransportError } from '../../transports/errors.js';
import type { NodeControl } from '../flavour.js';
import type { DeploymentRecord } from '../record.js';
import { Artifact } from './artifact.js';
import { waitUntilBooted } from './boot.js';
import { composeUp } from './compose.js';
import { type Container, containerPath, inspectAll, inspectNode } from './containers.js';
import type { RequestOptions } from './engine/engine.js';
import { ofDeployment } from './labels.js';
import { noteContainers } from './note-containers.js';
import { RunFolder } from './run-folder.js';
import { engineOf, runtimeOf } from './runtime.js';
import { transport } from './transports.js';

/** Seconds in which units must have stopped before the engine kills them. */
const shutdownLimit = 90;

/** What can be done to one container of a deployment. */
export function control(record: DeploymentRecord): NodeControl {
  const { run } = record['x-nxc'];
  const { socket, project: name, nixos, adopted } = runtimeOf(record);
  const engine = engineOf(record);
  const folder = new RunFolder(run);

  async function find(node: string): Promise<Container> {
    const container = await inspectNode(engine, ofDeployment(record), node);
    if (container) return container;
    throw new TransportError({
      asked: `node ${node} has no container`,
      found: 'it was removed by something else',
      todo: adopted ? 'start all of it again: `nxc start --restart`' : `make it again: \`nxc start ${node}\``,
    });
  }

  const act = ({ Id }: Container, verb: string, options?: RequestOptions): Promise<void> =>
    engine.post(`${containerPath(Id)}/${verb}`, options);

  /** What was removed behind our back comes back as it was at the start of the deployment. */
  function makeAnew(node: string, signal: AbortSignal): Promise<void> {
    const project = openProject(record['x-nxc'].project);
    const { composeFile: file, folder: cwd } = new Artifact(record);
    return composeUp({ project, socket, name, file, cwd, services: [node] }, new JobBoard(signal), signal);
  }

  /** Frozen processes heed no signal but SIGKILL. */
  async function thaw(container: Container): Promise<void> {
    if (container.State.Status === 'paused') await act(container, 'unpause');
  }

  return {
    async start(node, signal) {
      const container = await inspectNode(engine, ofDeployment(record), node);
      if (container || adopted) await act(container ?? (await find(node)), 'start', { signal });
      else await makeAnew(node, signal);
      folder.setOn(node);
      await waitUntilBooted(transport(record, node), nixos.includes(node), signal);
      // It has another address now, perhaps, and is another container.
      noteContainers(record, await inspectAll(engine, ofDeployment(record)));
      return container?.State.Status !== 'running';
    },
    async shutdown(node, signal) {
      const container = await find(node);
      folder.setOff(node);
      await thaw(container);
      await act(container, 'stop', { query: { t: shutdownLimit }, signal });
    },
    async crash(node) {
      const container = await find(node);
      folder.setOff(node);
      if (!ended(container)) await act(container, 'kill');
    },
    async pause(node) {
      const container = await find(node);
      if (container.State.Status !== 'paused') await act(container, 'pause');
    },
    async resume(node) {
      await thaw(await find(node));
    },
  };
}

const ended = ({ State: { Status } }: Container): boolean => Status === 'exited' || Status === 'created';
