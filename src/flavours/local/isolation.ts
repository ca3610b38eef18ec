import { execa } from 'execa';
import { NxcError } from '../../errors.js';

/**
 * How nodes are kept apart: `root` and `user` are kernel namespaces made as root or in a user namespace, `plain` are mere
 * processes on addresses 127.x.y.z.
 */
export type Isolation = 'root' | 'user' | 'plain';

const kinds: readonly Isolation[] = ['root', 'user', 'plain'];

/** Programs that make namespaces; Debian packages util-linux and iproute2. */
export const tools = ['unshare', 'mount', 'umount', 'pivot_root', 'ip', 'setpriv'] as const;

/** Node's own PATH may lack the system folders of an ordinary user. */
export const systemPath =
  '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin:/run/wrappers/bin';

/** Capabilities over the machine itself, which a node's root has no use for. */
const withheld = [
  'sys_module',
  'sys_rawio',
  'sys_time',
  'sys_boot',
  'mknod',
  'syslog',
  'wake_alarm',
  'audit_control',
];

/** The start of an argv that runs a program as PID 1 of the namespaces of a deployment. */
export function namespaceArgv(isolation: 'root' | 'user'): string[] {
  const unshare = ['unshare', '--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child'];
  if (isolation === 'user') return [...unshare, '--user', '--map-root-user'];
  return ['setpriv', `--bounding-set=${withheld.map(name => `-${name}`).join(',')}`, ...unshare];
}

/** Tries what a start needs, for real. Resolves with what failed, or undefined when it works. */
export async function tryNamespaces(isolation: 'root' | 'user'): Promise<string | undefined> {
  if (isolation === 'root' && process.getuid?.() !== 0) return 'you are not root';
  const overlay = `lowerdir=/etc,upperdir=/tmp/u,workdir=/tmp/w${isolation === 'user' ? ',userxattr' : ''}`;
  const trial = [
    'set -e',
    'mount -t tmpfs tmpfs /tmp',
    'mkdir /tmp/u /tmp/w /tmp/m /tmp/s',
    `mount -t overlay overlay -o ${overlay} /tmp/m`,
    'mount -t sysfs sysfs /tmp/s',
    'ip link add nxc type veth peer name nxcpeer',
    'ip link add nxcbridge type bridge',
    'unshare --net --pid --mount --uts --ipc --fork --mount-proc true',
    'type pivot_root >/dev/null',
  ].join('\n');
  const [program = '', ...words] = namespaceArgv(isolation);
  const options = { env: { PATH: systemPath }, extendEnv: false, reject: false } as const;
  const result = await execa(program, [...words, 'bash', '-c', trial], options);
  if (!result.failed) return undefined;
  return result.stderr?.trim().split('\n').at(-1) || result.shortMessage;
}

let found: Promise<Isolation> | undefined;

/** The best isolation that works here; NXC_LOCAL_ISOLATION names another. */
export function findIsolation(): Promise<Isolation> {
  const forced = process.env.NXC_LOCAL_ISOLATION;
  if (forced) {
    if (kinds.includes(forced as Isolation)) return Promise.resolve(forced as Isolation);
    throw new NxcError({
      asked: `NXC_LOCAL_ISOLATION is "${forced}"`,
      todo: `use one of ${kinds.join(', ')}, or unset it`,
    });
  }
  found ??= best();
  return found;
}

async function best(): Promise<Isolation> {
  if (!(await tryNamespaces('root'))) return 'root';
  if (!(await tryNamespaces('user'))) return 'user';
  return 'plain';
}
