import { resolveStorePath } from '../composition/store.js';
import type { Node } from '../composition/types.js';
import { NxcError } from '../errors.js';
import type { Flavour, LogLine, LogRequest, NodeStatus } from '../flavours/flavour.js';
import type { DeploymentRecord } from '../flavours/record.js';
import { readRegularText } from '../read-regular.js';
import { nearest } from '../suggest.js';
import type { Transport } from '../transports/transport.js';
import type { Deployment } from './deployment.js';
import { RecordError } from './errors.js';
import { isEnding, mayBeAlive } from './starter.js';

/** A deployment as its record and its flavour tell it. */
export class RunningDeployment implements Deployment {
  readonly record: DeploymentRecord;
  readonly flavour: Flavour;
  readonly #open = new Set<Transport>();

  constructor(record: DeploymentRecord, flavour: Flavour) {
    this.record = record;
    this.flavour = flavour;
  }

  get nodes(): readonly Node[] {
    return this.record['x-nxc'].nodes;
  }

  async testScript(): Promise<string | undefined> {
    const path = this.record.test_script;
    if (path === undefined) return undefined;
    try {
      return readRegularText(resolveStorePath(path));
    } catch (error) {
      throw new RecordError(this.record['x-nxc'].file, {
        asked: `cannot read the test script ${path}`,
        found: (error as Error).message,
        todo: 'build and start again',
        cause: error,
      });
    }
  }

  transport(node: string): Transport {
    const known = this.nodes.map(({ name }) => name);
    if (!known.includes(node)) {
      throw new NxcError({
        asked: `there is no node "${node}"`,
        nearest: nearest(node, known),
        found: `nodes are ${known.join(', ')}`,
      });
    }
    const transport = this.flavour.transport(this.record, node);
    this.#open.add(transport);
    return transport;
  }

  status(): Promise<NodeStatus[]> {
    return this.flavour.status(this.record);
  }

  get brokeOff(): boolean {
    const { state, starter } = this.record['x-nxc'];
    return state === 'starting' && !mayBeAlive(starter);
  }

  get starting(): boolean {
    const { state, starter } = this.record['x-nxc'];
    return state === 'starting' && mayBeAlive(starter);
  }

  get leaving(): boolean {
    const { keeper, starter } = this.record['x-nxc'];
    return keeper !== undefined && isEnding(starter);
  }

  get stopping(): boolean {
    return this.record['x-nxc'].state === 'stopping';
  }

  async isRunning(): Promise<boolean> {
    if (this.brokeOff || this.stopping) return false;
    return (await this.status()).some(node => node.state !== 'gone');
  }

  logs(node: string, request: LogRequest): AsyncIterable<LogLine> {
    return this.flavour.logs(this.record, node, request);
  }

  /** Lets go of the nodes; they run on. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#open].map(transport => transport.close()));
    this.#open.clear();
  }
}
