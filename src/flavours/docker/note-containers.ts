import type { DeploymentRecord } from '../record.js';
import { addressOf, type Container } from './containers.js';
import { runtimeOf } from './runtime.js';

/** Puts into the record which containers its nodes are, and their addresses. */
export function noteContainers(record: DeploymentRecord, found: ReadonlyMap<string, Container>): void {
  const containers = Object.fromEntries([...found].map(([node, { Id }]) => [node, Id]));
  record['x-nxc'].runtime = { ...runtimeOf(record), containers };
  for (const node of record['x-nxc'].nodes) {
    const container = found.get(node.name);
    const address = container && addressOf(container);
    if (address !== undefined) node.address = address;
  }
}
