import { childrenOf, isAlive, type ProcessStat, readAllStats } from '../../process/proc.js';
import { TransportError } from '../../transports/errors.js';
import { words } from './processes.js';
import type { LocalRuntime } from './runtime.js';

/**
 * PID 1 of every node that runs, by name and numbered as this machine sees it: what is found below the launcher now, since any
 * process may have ended a node or started it again.
 */
export function initsOf(
  { launcher, isolation }: LocalRuntime,
  stats = readAllStats(),
  children = childrenOf(stats),
): Map<string, ProcessStat> {
  if (!launcher || !isAlive(launcher)) return new Map();
  const below = (found: ProcessStat[]) => found.flatMap(({ pid }) => children.get(pid) ?? []);
  const first = children.get(launcher.pid) ?? [];
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

/** That of one node; TransportError when it does not run. */
export function initOf(runtime: LocalRuntime, node: string): ProcessStat {
  const init = initsOf(runtime).get(node);
  if (init) return init;
  throw new TransportError({
    asked: `node ${node} does not run`,
    todo: `start it with \`nxc start ${node}\``,
  });
}
