import { dirname, join } from 'node:path';
import { SHELL_FILE } from '../../composition/role-spec.js';
import { quote } from '../../process/quote.js';
import type { ShellOptions } from '../../transports/transport.js';
import { enterArgv } from './enter.js';
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
export function shellArgv(place: ShellPlace, { user, command }: ShellOptions): string[] {
  const file = quote(join(dirname(place.etc), SHELL_FILE));
  const program = command ?? ['bash', '--norc', '-i'];
  // Bash's own ways to read a file first read those of this machine too, which set another prompt.
  // And a shell between (script) takes the prompt out of the environment.
  const prompt = `PS1='[\\u@${place.node}:\\w]\\$ '`;
  const begin = `unset PROMPT_COMMAND; ${prompt}; [ ! -e ${file} ] || . ${file}`;
  const enter = [
    `. ${quote(`${place.etc}/environment`)}`,
    `. ${quote(`${place.runtime}/environment`)}`,
    ...(command ? [] : [`export PROMPT_COMMAND=${quote(begin)}`]),
    ...(user === undefined ? [] : become(place, user)),
    'cd 2>/dev/null || cd /',
    'set -- "${switch[@]}" "$@"',
    ...(place.isolation === 'plain' ? [] : [ownTerminal]),
    'exec "$@"',
  ].join('; ');
  // With SHLVL 0 a bash whose input is a socket takes itself for one of rshd, and reads this machine's bashrc.
  const terminal = `TERM=${process.env.TERM ?? 'dumb'}`;
  return [...namespaces(place), 'env', '-i', terminal, 'SHLVL=1', 'bash', '-c', enter, 'bash', ...program];
}

/**
 * Not su(1), which refuses users without a password entry, and begins a session without the terminal: no Ctrl-C, no jobs.
 * Bash is also the shell of users who may not log in.
 */
const become = ({ etc }: ShellPlace, user: string): string[] => [
  `. ${quote(`${etc}/lib/become.sh`)}`,
  `become ${quote(user)} || exit`,
  'SHELL=/bin/bash',
];

/** A node has a /dev/pts of its own, where a terminal of this machine has no name: script(1) makes one there. */
const ownTerminal =
  '[ ! -t 0 ] || ! type script >/dev/null 2>&1 || set -- script -qec "$(printf "%q " "$@")" /dev/null';

function namespaces({ isolation, pid }: ShellPlace): string[] {
  return isolation === 'plain' ? [] : enterArgv(isolation, pid, ['mount', 'uts', 'ipc', 'net', 'pid']);
}
