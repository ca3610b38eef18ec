import type { Isolation } from './isolation.js';

export type Namespace = 'mount' | 'uts' | 'ipc' | 'net' | 'pid';

/** The start of an argv that runs a program in namespaces of process `pid`, numbered as this machine sees it. */
export function enterArgv(
  isolation: Exclude<Isolation, 'plain'>,
  pid: number,
  namespaces: readonly Namespace[],
): string[] {
  const user = isolation === 'user' ? ['--user', '--preserve-credentials'] : [];
  return ['nsenter', '--target', String(pid), ...user, ...namespaces.map(name => `--${name}`), '--'];
}
