import { quote } from '../../process/quote.js';
import type { ShellOptions } from '../../transports/transport.js';
import type { Isolation } from './isolation.js';

export interface ShellPlace {
  isolation: Isolation;
  node: string;
  /** Of the node's PID 1, as this machine numbers it. */
  pid: number;
  /** The node's /etc/nxc as the shell sees it. */
  etc: string;
  /** The node's runtime folder as the shell sees it. */
  runtime: string;
}

/** argv of a local program that becomes a shell in the node, with this terminal. */
export function shellArgv(
  place: ShellPlace,
  { user, command = ['bash', '--norc', '-i'] }: ShellOptions,
): string[] {
  const enter = [
    `. ${quote(`${place.etc}/environment`)}`,
    `. ${quote(`${place.runtime}/environment`)}`,
    `export PS1='[\\u@${place.node}:\\w]\\$ '`,
    'cd',
    user === undefined
      ? 'exec "$@"'
      : `exec su -s /bin/bash ${quote(user)} -c ${quote(`cd; exec ${command.map(quote).join(' ')}`)}`,
  ].join('; ');
  const terminal = `TERM=${process.env.TERM ?? 'dumb'}`;
  return [...namespaces(place), 'env', '-i', terminal, 'bash', '-c', enter, 'bash', ...command];
}

function namespaces({ isolation, pid }: ShellPlace): string[] {
  if (isolation === 'plain') return [];
  const user = isolation === 'user' ? ['--user', '--preserve-credentials'] : [];
  return ['nsenter', '--target', String(pid), ...user, '--mount', '--uts', '--ipc', '--net', '--pid', '--'];
}
