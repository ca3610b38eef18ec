import { isAlive, type ProcessStat, readChildren, uptimeOf } from '../../process/proc.js';
import { isServed } from '../../transports/agent/control.js';
import { TransportError } from '../../transports/errors.js';
import { words } from './processes.js';
import type { LocalRuntime } from './runtime.js';

/**
 * PID 1 of every node that runs, by name and numbered as this machine sees it: what is found below the launcher now, since any
 * process may have ended a node or started it again.
 */
export function initsOf(
  { launcher, isolation }: LocalRuntime,
  children: (pid: number) => readonly ProcessStat[] = readChildren,
): Map<string, ProcessStat> {
  if (!launcher || !isAlive(launcher)) return new Map();
  const below = (found: readonly ProcessStat[]) => found.flatMap(({ pid }) => children(pid));
  const first = children(launcher.pid);
  // unshare → launcher → unshare → init; without namespaces launcher → init.
  const candidates = isolation === 'plain' ? first : below(below(first));
  return new Map(
    candidates.flatMap(stat => {
      const [, script = '', node] = words(stat.pid, 'cmdline');
      const isInit = /\/(node|init)\.sh$/.test(script) && stat.state !== 'Z';
      return isInit && node !== undefined ? [[node, stat] as const] : [];
    }),
  );
}

/** Milliseconds in which a node's agent has begun to serve. */
const agentLimit = 5000;

/** Whether a node runs whose agent is gone, say because all files of the node were removed: nothing can be run on it any more. */
export const hasLostAgent = (init: ProcessStat, runtime: string): boolean =>
  init.state !== 'T' && uptimeOf(init) * 1000 > agentLimit && !isServed(runtime);

/** That of one node; TransportError when it does not run. */
export function initOf(runtime: LocalRuntime, node: string): ProcessStat {
  const init = initsOf(runtime).get(node);
  if (init) return init;
  throw new TransportError({
    asked: `node ${node} is not running`,
    todo: `start it with \`nxc start ${node}\``,
  });
}
