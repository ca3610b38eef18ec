import { quote } from '../../process/quote.js';
import { CallError } from '../calls.js';
import type { Machine, Timeout } from '../machine.js';

/** A connection that is neither accepted nor refused counts as closed after this. */
const connectMs = 5000;

export const waits = {
  async waitForOpenPort(
    machine: Machine,
    port: number,
    options: Timeout & { addr?: string } = {},
  ): Promise<void> {
    const open = await machine.pollFor(
      options,
      async () => (await accepts(machine, port, options.addr)) || undefined,
    );
    if (!open) throw machine.ranOut(`port ${port} is open`, options);
  },

  async waitForClosedPort(
    machine: Machine,
    port: number,
    options: Timeout & { addr?: string } = {},
  ): Promise<void> {
    const closed = await machine.pollFor(
      options,
      async () => !(await accepts(machine, port, options.addr)) || undefined,
    );
    if (!closed) throw machine.ranOut(`port ${port} is closed`, options);
  },

  async waitForOpenUnixSocket(
    machine: Machine,
    addr: string,
    options: Timeout & { isDatagram?: boolean } = {},
  ): Promise<void> {
    const listens = listening(addr, options.isDatagram ?? false);
    const open = await machine.pollFor(options, timeoutMs => holds(machine, listens, timeoutMs));
    if (!open) throw machine.ranOut(`something listens on ${addr}`, options);
  },

  async waitForFile(machine: Machine, filename: string, options: Timeout = {}): Promise<void> {
    const exists = await machine.pollFor(options, timeoutMs => holds(machine, there(filename), timeoutMs));
    if (!exists) throw machine.ranOut(`${filename} exists`, options);
  },
};

async function holds(machine: Machine, command: string, timeoutMs: number): Promise<true | undefined> {
  return (await machine.run(command, { timeoutMs })).status === 0 || undefined;
}

/** Takes the name as it is; then, as the NixOS driver does, as a word of the shell: scripts wait for /tmp/*.sock and $HOME/done. */
function there(filename: string): string {
  const literal = `test -e ${quote(filename)}`;
  if (!/[*?[$`~{]/.test(filename)) return literal;
  return `${literal} || ( eval ${quote(`set -- ${filename}`)} && test -e "$1" ) 2>/dev/null`;
}

async function accepts(machine: Machine, port: number, addr = 'localhost'): Promise<boolean> {
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new CallError({
      asked: `${port} is not a TCP port`,
      todo: 'give a whole number from 1 to 65535',
    });
  }
  // bash connects by itself: nodes need no nc.
  const target = quote(`/dev/tcp/${addr}/${port}`);
  const result = await machine.run(`(exec 3<>${target}) 2>/dev/null`, { timeoutMs: connectMs });
  return result.status === 0;
}

/**
 * bash cannot connect to a Unix socket, but the kernel lists those of the node's network with the path that was bound:
 * `Num RefCount Protocol Flags Type St Inode Path`, flag 0x10000 for one that accepts connections (proc(5), net/unix/af_unix.c).
 */
function listening(path: string, isDatagram: boolean): string {
  const entry = isDatagram ? '^[^ ]+ [^ ]+ [^ ]+ [^ ]+ 0002 ' : '^[^ ]+ [^ ]+ [^ ]+ 00010000 000[15] ';
  return [
    `entry=${quote(entry)} path=${quote(path)}`,
    `test -S "$path"`,
    `real=$(readlink -f -- "$path")`,
    `while read -r line; do case $line in *" $path"|*" $real") [[ $line =~ $entry ]] && exit 0;; esac; done < /proc/net/unix`,
    'exit 1',
  ].join('; ');
}
