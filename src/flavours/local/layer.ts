import {
  chmodSync,
  chownSync,
  cpSync,
  lchownSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { assetPath } from '../../assets.js';
import type { EtcFile, RoleSpec } from '../../composition/role-spec.js';
import { quote } from '../../process/quote.js';
import { type Account, type Accounts, accountsOf } from './accounts.js';
import { type Isolation, systemPath } from './isolation.js';
import type { RootPart } from './root-plan.js';
import { writeUnits } from './units.js';

export interface LayerRequest {
  /** Where the layer goes. */
  path: string;
  spec: RoleSpec;
  isolation: Isolation;
  plan: readonly RootPart[];
  nodes: ReadonlyArray<{ name: string; role: string; address: string }>;
  deployment: unknown;
  /** Absolute path of the build's packages. */
  packages: string | undefined;
}

/** Folders a node's root writes to. Its own, since those of this machine belong to a user that a user namespace does not have. */
const writable = [
  'etc',
  'root',
  'home',
  'srv',
  'opt',
  'usr/local',
  'var/lib',
  'var/log',
  'var/cache',
  'var/tmp',
];

/** Writes what all nodes of a role have on top of this machine's root: /etc, users, units, and the agent. */
export function writeLayer(request: LayerRequest): void {
  const { path, spec, isolation, plan } = request;
  for (const folder of ['proc', 'sys', 'dev', 'run', 'tmp', ...writable])
    mkdirSync(join(path, folder), { recursive: true });
  // The way to the packages is open to the node's users, also where this machine's folders are not.
  if (request.packages) mkdirSync(join(path, request.packages), { recursive: true });
  chmodSync(join(path, 'root'), 0o711);
  chmodSync(join(path, 'var/tmp'), 0o1777);
  for (const part of plan) {
    if (part.kind === 'link') symlinkSync(part.target!, join(path, part.path));
    else mkdirSync(join(path, part.path), { recursive: true });
  }
  const accounts = accountsOf(spec);
  const write = (name: string, text: string, mode = 0o644) => {
    const file = join(path, 'etc', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, mode);
  };
  for (const [name, file] of Object.entries(spec.etc))
    writeEtc(join(path, 'etc', name), file, accounts, isolation);
  write('passwd', accounts.passwd);
  write('group', accounts.group);
  write('hosts', hostsFile(request));
  write('nxc/role', `${spec.role}\n`);
  write('nxc/deployment.json', `${JSON.stringify(request.deployment)}\n`);
  write('nxc/deployment-hosts', request.nodes.map(({ name, address }) => `${address} ${name}\n`).join(''));
  write('nxc/environment', environmentFile(spec, join(path, 'etc/nxc'), isolation));
  write('nxc/boot-commands', spec.bootCommands);
  writeUnits(join(path, 'etc/nxc/units'), spec);
  for (const account of accounts.added) makeHome(path, account, isolation);
  copyTools(join(path, 'etc/nxc'), isolation);
}

const node = 'src/flavours/local/node';
const agent = 'src/transports/agent';

function copyTools(folder: string, isolation: Isolation): void {
  const copy = (from: string, to: string, mode: number) => {
    mkdirSync(dirname(join(folder, to)), { recursive: true });
    writeFileSync(join(folder, to), readFileSync(assetPath(from)));
    chmodSync(join(folder, to), mode);
  };
  for (const name of ['init.sh', 'units.sh', 'unit-state.sh', 'supervise.sh'])
    copy(`${node}/${name}`, `lib/${name}`, 0o644);
  for (const name of ['agent.sh', 'as-user.sh', 'become.sh']) copy(`${agent}/${name}`, `lib/${name}`, 0o644);
  for (const name of ['systemctl', 'systemd-notify', 'journalctl'])
    copy(`${node}/${name}.sh`, `bin/${name}`, 0o755);
  for (const name of ['poweroff', 'halt', 'reboot', 'shutdown'])
    copy(`${node}/poweroff.sh`, `bin/${name}`, 0o755);
  if (isolation !== 'plain') return;
  for (const name of ['getent', 'hostname']) copy(`${node}/plain/${name}.sh`, `bin/${name}`, 0o755);
  copy(`${node}/plain/names.cjs`, 'lib/names.cjs', 0o644);
}

function hostsFile({ nodes, spec }: LayerRequest): string {
  const lines = nodes.map(({ name, address }) => `${address} ${name}`);
  return ['127.0.0.1 localhost', '::1 localhost', ...lines, spec.extraHosts.trim(), ''].join('\n');
}

function environmentFile(spec: RoleSpec, etc: string, isolation: Isolation): string {
  const bin = isolation === 'plain' ? join(etc, 'bin') : '/etc/nxc/bin';
  const all: Record<string, string> = {
    // LANG would make every shell read a dozen locale files, which is half of its start.
    LC_CTYPE: 'C.UTF-8',
    USER: 'root',
    LOGNAME: 'root',
    HOME: '/root',
    SHELL: '/bin/bash',
    ...spec.variables,
    PATH: [bin, ...spec.path, systemPath].join(':'),
  };
  return Object.entries(all)
    .map(([name, value]) => `export ${name}=${quote(value)}\n`)
    .join('');
}

function writeEtc(path: string, file: EtcFile, accounts: Accounts, isolation: Isolation): void {
  mkdirSync(dirname(path), { recursive: true });
  if (file.source !== undefined) cpSync(file.source, path, { recursive: true, dereference: true });
  else writeFileSync(path, file.text ?? '');
  if (/^[0-7]{3,4}$/.test(file.mode)) chmodSync(path, Number.parseInt(file.mode, 8));
  if (isolation !== 'root') return;
  const id = (table: string, name: string) =>
    Number(
      table
        .split('\n')
        .find(row => row.startsWith(`${name}:`))
        ?.split(':')[2] ?? 0,
    );
  chownSync(path, id(accounts.passwd, file.user), id(accounts.group, file.group));
}

function makeHome(path: string, { user, uid, gid }: Account, isolation: Isolation): void {
  if (!user.createHome || !user.home.startsWith('/')) return;
  // Seen from /, which nothing lies above.
  const home = join(path, resolve('/', user.home));
  const made = [home];
  mkdirSync(made[0]!, { recursive: true, mode: 0o700 });
  if (user.authorizedKeys.length) {
    made.push(join(home, '.ssh'), join(home, '.ssh/authorized_keys'));
    mkdirSync(made[1]!, { recursive: true, mode: 0o700 });
    writeFileSync(made[2]!, user.authorizedKeys.map(key => `${key}\n`).join(''), { mode: 0o600 });
  }
  if (isolation === 'root') for (const entry of made) lchownSync(entry, uid, gid);
}
