import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isServed } from '../../transports/agent/control.js';
import { TransportError } from '../../transports/errors.js';
import type { DeploymentRecord } from '../record.js';
import { containerPath, endOf, inspectNode } from './containers.js';
import { ofDeployment } from './labels.js';
import { RunFolder } from './run-folder.js';
import { engineOf, runtimeOf } from './runtime.js';

/** Where a node sees its runtime folder and the scripts (node/resident.sh). */
export const onNode = { runtime: '/run/nxc', lib: '/run/nxc-lib' } as const;

/** The same of any deployment: nothing is bound into the containers of one that upstream's tool started. */
export function seenBy(record: DeploymentRecord, node: string): { runtime: string; lib: string } {
  const { adopted } = runtimeOf(record);
  return adopted
    ? { runtime: join(adopted.shared, 'nodes', node), lib: join(adopted.shared, 'lib') }
    : onNode;
}

/** Milliseconds in which a started agent must serve; NixOS boots meanwhile. */
const limit = 120_000;

/** Upstream's image has bash at /run/system from the start, and NixOS its own after a while; /bin/sh is one of them. */
const bash = 'PATH=$PATH:/run/system/bin:/run/current-system/sw/bin exec bash "$@"';

/** Starts the agent in a node's container, by a detached exec that no process of this machine waits for; resolves when it serves. */
export async function startAgent(record: DeploymentRecord, node: string): Promise<void> {
  const engine = engineOf(record);
  const { runtime, lib } = seenBy(record, node);
  const fail = (found: string, cause?: unknown): TransportError =>
    new TransportError({
      asked: `node ${node} cannot be reached: ${found}`,
      todo: 'see `nxc status` and `nxc logs`',
      cause,
    });
  const container = await inspectNode(engine, ofDeployment(record), node);
  if (!container) throw fail('its container is gone');
  if (container.State.Status !== 'running') throw fail(`its container is ${endOf(container)}`);
  const nixos = runtimeOf(record).nixos.includes(node);
  const { Id } = await engine.post<{ Id: string }>(`${containerPath(container.Id)}/exec`, {
    body: {
      // By number: NixOS makes /etc/passwd while it boots.
      User: '0',
      Env: [`NXC_RUN=${runtime}`, `NXC_LIB=${lib}`],
      Cmd: ['/bin/sh', '-c', bash, 'sh', `${lib}/resident.sh`, ...(nixos ? ['nixos'] : [])],
    },
  });
  await engine.post(`/exec/${Id}/start`, { body: { Detach: true } });
  const folder = new RunFolder(record['x-nxc'].run).node(node);
  const end = Date.now() + limit;
  for (let looks = 1; !isServed(folder); looks++) {
    if (Date.now() > end) throw fail(`its agent did not answer in ${limit / 1000} s`);
    await sleep(5);
    if (looks % 20 !== 0) continue;
    const { Running, ExitCode } = await engine.get<{ Running: boolean; ExitCode: number }>(
      `/exec/${Id}/json`,
    );
    if (Running) continue;
    throw fail(
      said(folder) || `its agent ended with status ${ExitCode}; it needs /bin/sh, bash and coreutils`,
    );
  }
}

function said(folder: string): string {
  try {
    return readFileSync(join(folder, 'agent.log'), 'utf8').trim();
  } catch {
    return '';
  }
}
