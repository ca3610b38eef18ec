import { appendFileSync, chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkRoleName } from '../../composition/role-name.js';
import type { RoleSpec } from '../../composition/role-spec.js';
import { InterruptedError, NxcError } from '../../errors.js';
import type { Job, JobContext } from '../../jobs/job.js';
import { asName, within } from '../../name.js';
import { identify } from '../../process/proc.js';
import { quote } from '../../process/quote.js';
import type { StartRequest } from '../flavour.js';
import { changeFolders, devices, launcherFstab, mountsList, nodeFstab } from './fstab.js';
import { findIsolation, type Isolation } from './isolation.js';
import { launch } from './launch.js';
import { writeLayer } from './layer.js';
import { addressOf, nodeBatch, portOf, portsBatch, switchBatch } from './network.js';
import { killAll, marker } from './processes.js';
import { type RootPart, rootPlan } from './root-plan.js';
import { RunFolder } from './run-folder.js';
import type { LocalRuntime } from './runtime.js';
import { warnOfFailedUnits } from './unit-states.js';
import { isRoot, warnOfUsers } from './users.js';

interface PlacedNode {
  name: string;
  role: string;
  address: string;
}

/** Starts a deployment; on failure or interrupt nothing of it is left. */
export async function start(
  { build, nodes: wanted, record, save, waitTimeoutMs }: StartRequest,
  jobs: JobContext,
): Promise<void> {
  const isolation = await findIsolation();
  if (isolation === 'plain') {
    jobs.warn(
      'nodes are plain processes, not namespaces: they share files, processes and ports with this machine, and only node and getent know them by name; `nxc doctor` says why',
    );
  }
  const nodes = wanted.map((node, index) => ({
    ...node,
    address: addressOf(index, isolation, record['x-nxc'].run),
  }));
  record.deployment = Object.fromEntries(
    nodes.map(({ name, role, address }) => [address, { role, host: name }]),
  );
  record['x-nxc'].nodes = nodes;
  const runtime: LocalRuntime = { isolation };
  record['x-nxc'].runtime = { ...runtime };

  const roles = rolesOf(build.info);
  warnOfUsers(roles, isolation, jobs);
  if (isolation === 'plain') warnOfFiles(roles, jobs);
  const folder = new RunFolder(record['x-nxc'].run);
  const perNode = new Map<string, Job>(nodes.map(({ name }) => [name, jobs.job('start', { node: name })]));
  try {
    // The users of a plain node are those of this machine.
    folder.create({ passable: isolation === 'plain' && isRoot() });
    folder.belongTo(record['x-nxc'].project);
    prepare(folder, nodes, { roles, packages: packagesOf(build.info) }, isolation, record.deployment);
    if (jobs.signal.aborted) throw new InterruptedError();
    await launch(
      folder,
      nodes.map(({ name }) => name),
      isolation,
      {
        spawned: async pid => {
          runtime.launcher = identify(pid);
          record['x-nxc'].runtime = { ...runtime };
          await save();
        },
        ready: node => perNode.get(node)?.step('starting units'),
        booted: node => perNode.get(node)?.finish('running'),
      },
      jobs.signal,
      waitTimeoutMs,
    );
    await warnOfFailedUnits(folder, nodes, jobs);
  } catch (error) {
    for (const job of perNode.values()) {
      if (error instanceof InterruptedError) job.cancel();
      else job.fail('the start failed');
    }
    await killAll(folder);
    folder.remove();
    throw error;
  }
}

/** Plain nodes have this machine's /etc, which is not theirs to write. */
function warnOfFiles(roles: Readonly<Record<string, RoleSpec>>, jobs: JobContext): void {
  const files = new Set(Object.values(roles).flatMap(role => Object.keys(role.etc)));
  if (files.size === 0) return;
  jobs.warn(`no /etc of their own: these files of environment.etc are not there: ${[...files].join(', ')}`);
}

/** Writes all that the launcher and the nodes read, so that they need few programs. */
function prepare(
  folder: RunFolder,
  nodes: readonly PlacedNode[],
  { roles, packages }: { roles: Readonly<Record<string, RoleSpec>>; packages: string | undefined },
  isolation: Isolation,
  deployment: unknown,
): void {
  const plan: RootPart[] = isolation === 'plain' ? [] : rootPlan(isolation, packages);
  for (const role of new Set(nodes.map(node => node.role))) {
    checkRoleName(role);
    writeLayer({
      path: join(folder.role(role), 'layer'),
      spec: specOf(roles, role),
      isolation,
      plan,
      nodes,
      deployment,
      packages,
    });
  }
  for (const { name, role, address } of nodes) {
    const runtime = folder.node(name);
    mkdirSync(join(runtime, 'units'), { recursive: true });
    // Here each user of the node has a file of the journal.
    mkdirSync(join(runtime, 'journal'));
    chmodSync(join(runtime, 'journal'), 0o1777);
    for (const unit of specOf(roles, role).units)
      mkdirSync(within(join(runtime, 'units'), asName('unit', unit.name)));
    writeFileSync(join(runtime, 'environment'), `export ${marker}=${folder.run}\nNXC_ADDRESS=${address}\n`);
    if (isolation === 'plain') preparePlain(folder, name, role);
  }
  const write = (name: string, text: string) => writeFileSync(join(folder.path, name), text);
  if (isolation === 'plain') {
    write('nodes.list', nodes.map(({ name, role }) => `${name} ${role}\n`).join(''));
    return;
  }

  for (const name of ['dev/pts', 'dev/shm', 'fs', 'root'])
    mkdirSync(join(folder.path, name), { recursive: true });
  for (const name of devices) write(`dev/${name}`, '');
  const links = { fd: '/proc/self/fd', stdin: 'fd/0', stdout: 'fd/1', stderr: 'fd/2', ptmx: 'pts/ptmx' };
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(folder.path, 'dev', name));
  // Upstream's docker and VM flavours share /tmp/shared as well.
  const sharedOf = (role: string) => ['/tmp/shared', ...specOf(roles, role).sharedDirs];
  const shared = new Set(nodes.flatMap(({ role }) => sharedOf(role)));
  write('nodes.list', nodes.map(({ name }) => `${name}\n`).join(''));
  write(
    'folders.list',
    [
      ...nodes.flatMap(({ name }) => changeFolders(name, plan)),
      ...[...shared].map(path => join('shared', encodeURIComponent(path))),
      '',
    ].join('\n'),
  );
  write('launcher.fstab', launcherFstab(folder, packages));
  write('mounts.list', mountsList(plan, isolation));
  write('switch.ip', switchBatch);
  write('ports.ip', portsBatch(nodes.length));
  nodes.forEach((node, index) => {
    const at = join('boot', node.name);
    mkdirSync(join(folder.path, at), { recursive: true });
    write(join(at, 'port'), portOf(index));
    write(join(at, 'network.ip'), nodeBatch(index, node.address));
    write(join(at, 'fstab'), nodeFstab(folder, node, plan, isolation, sharedOf(node.role), packages));
  });
}

/** Without a root of its own a node has a home in its runtime folder, and its tools must be told where they are. */
function preparePlain(folder: RunFolder, name: string, role: string): void {
  const runtime = folder.node(name);
  const home = join(runtime, 'home');
  mkdirSync(home);
  const etc = join(folder.role(role), 'layer/etc/nxc');
  const variables = {
    HOME: home,
    NXC_RUN: runtime,
    NXC_ETC: etc,
    NXC_NODE: name,
    NODE_OPTIONS: `--require=${join(etc, 'lib/names.cjs')}`,
  };
  const lines = Object.entries(variables).map(([variable, value]) => `export ${variable}=${quote(value)}\n`);
  appendFileSync(join(runtime, 'environment'), lines.join(''));
}

function rolesOf(info: Readonly<Record<string, unknown>>): Record<string, RoleSpec> {
  return (info['x-nxc'] as { roles?: Record<string, RoleSpec> } | undefined)?.roles ?? {};
}

/** The folder of the build's packages, when it has any: units and PATH name it, so nodes see it where it is. */
function packagesOf(info: Readonly<Record<string, unknown>>): string | undefined {
  const folder = (info['x-nxc'] as { packages?: string } | undefined)?.packages;
  return folder !== undefined && existsSync(folder) ? folder : undefined;
}

function specOf(roles: Readonly<Record<string, RoleSpec>>, role: string): RoleSpec {
  const spec = roles[role];
  if (spec) return spec;
  throw new NxcError({
    asked: `the build does not say what role ${role} is`,
    found: `it describes ${Object.keys(roles).join(', ') || 'no roles'}`,
    todo: 'build again with `nxc build -f local`',
  });
}
