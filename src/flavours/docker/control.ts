import { TransportError } from '../../transports/errors.js';
import type { NodeControl } from '../flavour.js';
import type { DeploymentRecord } from '../record.js';
import { waitUntilBooted } from './boot.js';
import { type Container, containerPath, inspectNode } from './containers.js';
import type { RequestOptions } from './engine/engine.js';
import { ofDeployment } from './labels.js';
import { noteAddress } from './note-containers.js';
import { RunFolder } from './run-folder.js';
import { engineOf, runtimeOf } from './runtime.js';
import { transport } from './transports.js';

/** Seconds in which units must have stopped before the engine kills them. */
const shutdownLimit = 90;

/** What can be done to one container of a deployment. */
export function control(record: DeploymentRecord): NodeControl {
  const { run } = record['x-nxc'];
  const engine = engineOf(record);
  const folder = new RunFolder(run);

  async function find(node: string): Promise<Container> {
    const container = await inspectNode(engine, ofDeployment(record), node);
    if (container) return container;
    throw new TransportError({ asked: `node ${node} has no container`, todo: 'see `nxc status`' });
  }

  const act = ({ Id }: Container, verb: string, options?: RequestOptions): Promise<void> =>
    engine.post(`${containerPath(Id)}/${verb}`, options);

  /** Frozen processes heed no signal but SIGKILL. */
  async function thaw(container: Container): Promise<void> {
    if (container.State.Status === 'paused') await act(container, 'unpause');
  }

  return {
    async start(node, signal) {
      await act(await find(node), 'start', { signal });
      folder.setOn(node);
      noteAddress(record, node, await find(node));
      await waitUntilBooted(transport(record, node), runtimeOf(record).nixos.includes(node), signal);
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
