import { resolveTargets } from '../composition/targets.js';
import type { Node } from '../composition/types.js';
import type { Deployment } from '../deployment/deployment.js';
import { fanOut } from '../driver/fan-out.js';
import * as faults from '../faults/index.js';
import { withJobs } from '../jobs/board.js';
import type { CommandContext } from './command.js';
import { UsageError } from './usage-error.js';

/** Starts or shuts down nodes of the current deployment, for `start NODE…` and `stop NODE…`; other options make no sense there. Returns what was switched. */
export async function switchNodes(
  act: 'start' | 'stop',
  targets: readonly string[],
  options: object,
  { manager, workspace, display, signal }: CommandContext,
): Promise<{ deployment: Deployment; nodes: readonly Node[] }> {
  const [option] = Object.keys(options);
  if (option !== undefined) {
    throw new UsageError({
      asked: `${act} of single nodes takes no other options`,
      found: `nodes ${targets.join(' ')} and the option ${option}`,
      todo: `name the nodes alone: they are of the deployment that \`nxc status\` shows`,
    });
  }
  const deployment = await manager.require(workspace.cwd);
  const nodes = resolveTargets(deployment.nodes, targets);
  await withJobs(display, signal, async jobs => {
    await fanOut(nodes, async ({ name }) => {
      const job = jobs.job(act === 'start' ? 'start' : 'shut down', { node: name });
      if (act === 'start') await faults.start(deployment, [name], jobs.signal);
      else await faults.shutdown(deployment, name, jobs.signal);
      job.finish(act === 'start' ? 'running' : 'off');
    });
    if (act === 'start') await deployment.flavour.settle?.(deployment.record, nodes, jobs);
  });
  return { deployment, nodes };
}
