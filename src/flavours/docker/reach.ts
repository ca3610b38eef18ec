import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isServed } from '../../transports/agent/control.js';
import { TransportError } from '../../transports/errors.js';
import type { DeploymentRecord } from '../record.js';
import { type Container, containerPath, endOf, inspectNode } from './containers.js';
import { ofDeployment } from './labels.js';
import { RunFolder, sharedFolder } from './run-folder.js';
import { engineOf, runtimeOf } from './runtime.js';

/** Where a node sees its runtime folder and the scripts (node/resident.sh). */
export const onNode = { runtime: '/run/nxc', lib: '/run/nxc-lib' } as const;

/** The same of any deployment: nothing is bound into the containers of one that upstream's tool started. */
export function seenBy(record: DeploymentRecord, node: string): { runtime: string; lib: string } {
  if (!runtimeOf(record).adopted) return onNode;
  const shared = sharedFolder(record['x-nxc'].run);
  return { runtime: join(shared, 'nodes', node), lib: join(shared, 'lib') };
}

/** Milliseconds in which a started agent must serve; NixOS boots meanwhile. */
const limit = 120_000;

/** Upstream's image has bash at /run/system from the start, and NixOS its own after a while; /bin/sh is one of them. */
const bash = 'PATH=$PATH:/run/system/bin:/run/current-system/sw/bin exec bash "$@"';

const bootScript = `${onNode.lib}/boot.sh`;

/** The start of a container's command, which has its agent started before its init (node/boot.sh). */
export const bootArgv = (nixos: boolean): string[] => [
  '/bin/sh',
  bootScript,
  onNode.runtime,
  onNode.lib,
  nixos ? 'nixos' : '',
];

/** Resolves when an agent serves: the one that the container is about to start, else one that is started now. */
export async function reach(record: DeploymentRecord, node: string): Promise<void> {
  const engine = engineOf(record);
  const fail = (found: string, todo = `see what it says itself: nxc logs ${node}`): TransportError =>
    new TransportError({ asked: `node ${node} cannot be reached: ${found}`, todo });
  const again = `start it again with \`nxc start ${node}\``;
  const folder = new RunFolder(record['x-nxc'].run).node(node);
  const running = async (): Promise<Container> => {
    const container = await inspectNode(engine, ofDeployment(record), node);
    if (!container) throw fail('its container is gone', again);
    if (container.State.Status !== 'running')
      throw fail(`its container is not running (${endOf(container)})`, again);
    return container;
  };
  const container = await running();
  const own = container.Config.Cmd?.includes(bootScript) && !hadAgent(folder, container);
  let exec = own ? undefined : await execAgent(record, node, container);
  const end = Date.now() + limit;
  for (let looks = 1; !isServed(folder); looks++) {
    const why = said(folder);
    if (why) throw fail(why);
    if (Date.now() > end) throw fail(`its agent did not answer in ${limit / 1000} s`);
    await sleep(5);
    if (looks % 50 !== 0) continue;
    await running();
    if (!exec && !(await begins(record, container))) exec = await execAgent(record, node, container);
    if (exec && !(await engine.get<{ Running: boolean }>(`/exec/${exec}/json`)).Running)
      throw fail('its agent ended; it needs /bin/sh, bash and coreutils');
  }
}

/** Whether an agent has served since the container was started; it makes its FIFO anew. */
function hadAgent(folder: string, { State: { StartedAt } }: Container): boolean {
  const control = statSync(join(folder, 'control'), { throwIfNoEntry: false });
  return control !== undefined && control.ctimeMs >= Date.parse(StartedAt);
}

/**
 * Whether the agent that a container starts with is on its way. It may be killed before it serves: by a terminal that systemd hangs
 * up before the agent has heeded it, or for want of memory.
 */
async function begins(record: DeploymentRecord, { Id }: Container): Promise<boolean> {
  const { Processes } = await engineOf(record).get<{ Processes: string[][] | null }>(
    `${containerPath(Id)}/top`,
  );
  return (Processes ?? []).some(columns => /\/(boot|resident)\.sh /.test(`${columns.at(-1)} `));
}

/** By a detached exec, which no process of this machine waits for; returns its id. */
async function execAgent(record: DeploymentRecord, node: string, { Id }: Container): Promise<string> {
  const engine = engineOf(record);
  const { runtime, lib } = seenBy(record, node);
  const nixos = runtimeOf(record).nixos.includes(node);
  const exec = await engine.post<{ Id: string }>(`${containerPath(Id)}/exec`, {
    body: {
      // By number: NixOS makes /etc/passwd while it boots.
      User: '0',
      Env: [`NXC_RUN=${runtime}`, `NXC_LIB=${lib}`],
      Cmd: ['/bin/sh', '-c', bash, 'sh', `${lib}/resident.sh`, ...(nixos ? ['nixos'] : [])],
    },
  });
  await engine.post(`/exec/${exec.Id}/start`, { body: { Detach: true } });
  return exec.Id;
}

function said(folder: string): string {
  try {
    return readFileSync(join(folder, 'failed'), 'utf8').trim();
  } catch {
    return '';
  }
}
