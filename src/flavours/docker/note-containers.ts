import type { DeploymentRecord } from '../record.js';
import { addressOf, type Container } from './containers.js';
import { runtimeOf } from './runtime.js';

/** Puts into the record which containers its nodes are, and their addresses. */
export function noteContainers(record: DeploymentRecord, found: ReadonlyMap<string, Container>): void {
  const containers = Object.fromEntries([...found].map(([node, { Id }]) => [node, Id]));
  record['x-nxc'].runtime = { ...runtimeOf(record), containers };
  for (const [node, container] of found) noteAddress(record, node, container);
}

function noteAddress(record: DeploymentRecord, name: string, container: Container): void {
  const node = record['x-nxc'].nodes.find(each => each.name === name);
  const address = addressOf(container);
  if (node && address !== undefined) node.address = address;
}
