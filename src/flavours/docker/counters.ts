import type { CounterSource, Counters } from '../../metrics/counters.js';
import { hasOwnNetwork, trafficOf } from '../../process/traffic.js';
import type { DeploymentRecord } from '../record.js';
import { Cgroup } from './cgroup.js';
import { type Container, containerPath, inspectAll } from './containers.js';
import type { Engine } from './engine/engine.js';
import { readStats } from './engine-stats.js';
import { ofDeployment } from './labels.js';
import { engineOf } from './runtime.js';

/** Milliseconds between looks for containers that cannot be read: a node that is off must not cost a request a second. */
const lookInterval = 3000;

/** How one node is read: from this machine's own files, or by a request to the engine where these do not show. */
type Reading = (node: string, signal?: AbortSignal) => Promise<Counters | undefined>;

export const counters = (record: DeploymentRecord): CounterSource => new DockerCounters(record);

/** Counters of a deployment's containers; nothing runs on the nodes, and no process is spawned for it. */
class DockerCounters implements CounterSource {
  private readonly readings = new Map<string, Reading>();
  private looked = 0;

  constructor(private readonly record: DeploymentRecord) {}

  async read(signal?: AbortSignal): Promise<Counters[]> {
    const { nodes } = this.record['x-nxc'];
    if (nodes.some(({ name }) => !this.readings.has(name)) && Date.now() - this.looked > lookInterval) {
      this.looked = Date.now();
      await this.look();
    }
    const all = [...this.readings].map(async ([node, reading]) => {
      const counters = await reading(node, signal).catch(() => undefined);
      // It ended, or was started again as another process.
      if (!counters) this.readings.delete(node);
      return counters;
    });
    return (await Promise.all(all)).filter(counters => counters !== undefined);
  }

  private async look(): Promise<void> {
    const engine = engineOf(this.record);
    const containers = await inspectAll(engine, ofDeployment(this.record));
    for (const [node, container] of containers) {
      if (container.State.Pid > 0) this.readings.set(node, readingOf(engine, container));
    }
  }
}

function readingOf(engine: Engine, { Id, State: { Pid } }: Container): Reading {
  const cgroup = Cgroup.of(Id, Pid);
  if (!cgroup) return (node, signal) => readStats(engine, `${containerPath(Id)}/stats`, node, signal);
  const ownNetwork = hasOwnNetwork(Pid);
  return async node => {
    const at = Date.now();
    const traffic = trafficOf(Pid);
    if (!traffic) return undefined;
    const { absent, ...usage } = cgroup.usage();
    if (ownNetwork) return { node, at, ...usage, ...traffic, ...(absent ? { absent } : {}) };
    return {
      node,
      at,
      ...usage,
      absent: { ...absent, network: "the container uses this machine's network" },
    };
  };
}
