import { readFileSync } from 'node:fs';
import { NxcError } from '../../errors.js';
import { readAllStats } from '../../process/proc.js';
import { TransportError } from '../../transports/errors.js';
import type { DeploymentRecord } from '../record.js';
import { runtimeOf } from './runtime.js';

/** argv before a program of this machine that shall act on a node's network. */
export function inNetwork(record: DeploymentRecord, node: string): readonly string[] {
  if (process.getuid?.() !== 0) {
    throw new NxcError({
      asked: `the network of node ${node} cannot be entered from this machine`,
      found: 'you are not root, and containers have networks of their own',
      todo: 'run nxc as root for this, or use flavour local',
    });
  }
  return ['nsenter', '--target', String(initOf(record, node)), '--net', '--'];
}

/** PID of the container's first process as this machine numbers it; a restart has made it another one. */
function initOf(record: DeploymentRecord, node: string): number {
  const id = runtimeOf(record).containers[node];
  const init = readAllStats().find(
    ({ pid }) => id && text(pid, 'cgroup').includes(id) && /^NSpid:.*\t1$/m.test(text(pid, 'status')),
  );
  if (init) return init.pid;
  throw new TransportError({
    asked: `node ${node} has no network: its container is not running`,
    todo: 'see `nxc status`',
  });
}

function text(pid: number, file: 'cgroup' | 'status'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
