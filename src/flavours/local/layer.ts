import {
  chmodSync,
  chownSync,
  cpSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { assetPath } from '../../assets.js';
import { type EtcFile, type RoleSpec, SHELL_FILE } from '../../composition/role-spec.js';
import { NxcError } from '../../errors.js';
import { asInnerPath, within } from '../../name.js';
import { quote } from '../../process/quote.js';
import { type Account, type Accounts, accountsOf } from './accounts.js';
import { type Isolation, systemPath } from './isolation.js';
import type { RootPart } from './root-plan.js';
import { writeSystemFolder } from './system-folder.js';
import { toolNames } from './tools/names.js';
import { unitFragment } from './unit-fragment.js';
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
    writeEtc(within(join(path, 'etc'), asInnerPath(name)), file, accounts, isolation);
  write('passwd', accounts.passwd);
  write('group', accounts.group);
  writeShadow(join(path, 'etc/shadow'), accounts, isolation);
  if (!spec.etc.profile) write('profile', profileFile(spec));
  write('hosts', hostsFile(request));
  write('nxc/role', `${spec.role}\n`);
  write('nxc/deployment.json', `${JSON.stringify(request.deployment)}\n`);
  write('nxc/deployment-hosts', request.nodes.map(({ name, address }) => `${address} ${name}\n`).join(''));
  write('nxc/environment', environmentFile(spec, join(path, 'etc/nxc'), isolation));
  write('nxc/boot-commands', spec.bootCommands);
  writeUnits(join(path, 'etc/nxc/units'), spec);
  const scripts = isolation === 'plain' ? join(path, 'etc/nxc/units') : '/etc/nxc/units';
  for (const unit of spec.units)
    if (!spec.etc[`systemd/system/${unit.name}`])
      write(`systemd/system/${unit.name}`, unitFragment(unit, `${scripts}/${unit.name}`));
  // A plain node's users are those of this machine.
  for (const account of isolation === 'plain' ? accounts.added : accounts.declared)
    makeHome(path, account, isolation);
  const tools = copyTools(join(path, 'etc/nxc'), isolation);
  if (isolation === 'plain') return;
  const links = writeSystemFolder(join(path, 'etc/nxc/system'), tools, spec.path);
  writeFileSync(join(dirname(path), 'links'), links.map(target => `${target}\n`).join(''));
  standIn(path, tools);
}

/** Whatever PATH is, and by their full names, too: systemd's programs of this machine work only where systemd runs. */
function standIn(path: string, tools: readonly string[]): void {
  for (const folder of ['usr/bin', 'usr/sbin', 'bin', 'sbin']) {
    // Where /bin is a link to /usr/bin it must stay one.
    if (lstatSync(`/${folder}`, { throwIfNoEntry: false })?.isDirectory() !== true) continue;
    for (const name of tools.filter(tool => lstatSync(`/${folder}/${tool}`, { throwIfNoEntry: false }))) {
      mkdirSync(join(path, folder), { recursive: true });
      symlinkSync(join('/etc/nxc/bin', name), join(path, folder, name));
    }
  }
}

function writeShadow(file: string, { shadow, group }: Accounts, isolation: Isolation): void {
  writeFileSync(file, shadow);
  chmodSync(file, 0o640);
  // Programs that check passwords for ordinary users belong to this group.
  if (isolation === 'root') chownSync(file, 0, idIn(group, 'shadow'));
}

const node = 'src/flavours/local/node';
const agent = 'src/transports/agent';

/** Programs that stand for systemd's, by the file that each is. */
const standIns: Readonly<Record<string, readonly string[]>> = {
  systemctl: ['systemctl'],
  'systemd-notify': ['systemd-notify'],
  tool: toolNames,
  poweroff: ['poweroff', 'halt', 'reboot', 'shutdown'],
};

/** Returns the names of the programs in bin/. */
function copyTools(folder: string, isolation: Isolation): string[] {
  const copy = (from: string, to: string, mode: number) => {
    mkdirSync(dirname(join(folder, to)), { recursive: true });
    writeFileSync(join(folder, to), readFileSync(assetPath(from)));
    chmodSync(join(folder, to), mode);
  };
  for (const name of ['init.sh', 'units.sh', 'unit-state.sh', 'unit-files.sh', 'supervise.sh'])
    copy(`${node}/${name}`, `lib/${name}`, 0o644);
  for (const name of ['options', 'show', 'lists'])
    copy(`${node}/systemctl/${name}.sh`, `lib/systemctl-${name}.sh`, 0o644);
  // In one file, as the build makes it: a node does not see where this package is.
  copy('dist/src/flavours/local/tools/main.js', 'lib/tools.mjs', 0o644);
  if (isolation === 'plain') symlinkSync(process.execPath, join(folder, 'lib/node'));
  else writeFileSync(join(folder, 'lib/node'), '');
  for (const name of ['agent.sh', 'as-user.sh', 'become.sh']) copy(`${agent}/${name}`, `lib/${name}`, 0o644);
  const tools = Object.entries(standIns).flatMap(([file, names]) => {
    for (const name of names) copy(`${node}/${file}.sh`, `bin/${name}`, 0o755);
    return names;
  });
  if (isolation !== 'plain') return tools;
  for (const name of ['getent', 'hostname']) copy(`${node}/plain/${name}.sh`, `bin/${name}`, 0o755);
  copy(`${node}/plain/names.cjs`, 'lib/names.cjs', 0o644);
  return tools;
}

function hostsFile({ nodes, spec }: LayerRequest): string {
  const lines = nodes.map(({ name, address }) => `${address} ${name}`);
  return ['127.0.0.1 localhost', '::1 localhost', ...lines, spec.extraHosts.trim(), ''].join('\n');
}

function environmentFile(spec: RoleSpec, etc: string, isolation: Isolation): string {
  const bin = isolation === 'plain' ? join(etc, 'bin') : '/etc/nxc/bin';
  return exports({
    // LANG would make every shell read a dozen locale files, which is half of its start.
    LC_CTYPE: 'C.UTF-8',
    USER: 'root',
    LOGNAME: 'root',
    HOME: '/root',
    SHELL: '/bin/bash',
    ...spec.variables,
    PATH: pathOf(spec, bin),
  });
}

/** What login shells read, as those of su(1): this machine's would lead past the node's programs and variables. */
function profileFile(spec: RoleSpec): string {
  const variables = exports({ LC_CTYPE: 'C.UTF-8', ...spec.variables, PATH: pathOf(spec, '/etc/nxc/bin') });
  const file = `/etc/${SHELL_FILE}`;
  return `${variables}case $- in *i*) [ ! -e ${file} ] || . ${file} ;; esac\n`;
}

const pathOf = (spec: RoleSpec, bin: string): string => [bin, ...spec.path, systemPath].join(':');

const exports = (variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quote(value)}\n`)
    .join('');

function writeEtc(path: string, file: EtcFile, accounts: Accounts, isolation: Isolation): void {
  mkdirSync(dirname(path), { recursive: true });
  if (file.source !== undefined) cpSync(file.source, path, { recursive: true, dereference: true });
  else writeFileSync(path, file.text ?? '');
  // The mode is that of files; those in a folder have their own.
  if (/^[0-7]{3,4}$/.test(file.mode) && !lstatSync(path).isDirectory())
    chmodSync(path, Number.parseInt(file.mode, 8));
  if (isolation !== 'root') return;
  chownSync(path, idIn(accounts.passwd, file.user), idIn(accounts.group, file.group));
}

/** The number of a user or group in its table; that of root for one that is not there. */
const idIn = (table: string, name: string): number =>
  Number(
    table
      .split('\n')
      .find(row => row.startsWith(`${name}:`))
      ?.split(':')[2] ?? 0,
  );

function makeHome(path: string, { user, uid, gid }: Account, isolation: Isolation): void {
  if (!user.createHome || !user.home.startsWith('/')) return;
  // Seen from /, which nothing lies above.
  const home = join(path, resolve('/', user.home));
  // A link of this machine's root, copied into the layer, would lead back to this machine.
  let there = home;
  while (!lstatSync(there, { throwIfNoEntry: false })) there = dirname(there);
  const real = realpathSync(there);
  if (real !== realpathSync(path) && !real.startsWith(`${realpathSync(path)}/`)) {
    throw new NxcError({
      asked: `${user.home} cannot be the home of ${user.name}`,
      found: 'it lies behind a link to another folder of this machine',
      todo: 'give the user a home below /home',
    });
  }
  const made = [home];
  // The way there is open to its user.
  const first = mkdirSync(home, { recursive: true });
  if (first)
    for (let at = dirname(home); at !== dirname(first) && at !== path; at = dirname(at)) chmodSync(at, 0o755);
  chmodSync(home, Number.parseInt(user.homeMode ?? '700', 8));
  if (user.authorizedKeys.length) {
    made.push(join(home, '.ssh'), join(home, '.ssh/authorized_keys'));
    mkdirSync(made[1]!, { recursive: true, mode: 0o700 });
    writeFileSync(made[2]!, user.authorizedKeys.map(key => `${key}\n`).join(''), { mode: 0o600 });
  }
  if (isolation === 'root') for (const entry of made) lchownSync(entry, uid, gid);
}
