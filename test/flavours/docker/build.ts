import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildLink } from '../../../src/composition/build-link.js';
import { writeComposeInfo } from '../../../src/composition/compose-info.js';

/** What a near-empty image needs for an agent and the tests: bash and coreutils. */
const programs = [
  'bash',
  'cat',
  'chown',
  'chroot',
  'cp',
  'date',
  'env',
  'hostname',
  'id',
  'ls',
  'mkdir',
  'mkfifo',
  'rm',
  'sleep',
  'stat',
  'tail',
  'true',
  'wc',
];

let made: string | undefined;

/** A docker-save archive of bash, coreutils and their libraries of this machine; made once for all tests of a file. */
export async function imageTarball(): Promise<string> {
  if (made) return made;
  // In the folder that is removed after the whole run (test/helpers/whole-run.ts): workers are ended without a word.
  const folder = mkdtempSync(join(process.env.NXC_RUNTIME_ROOT!, 'image-'));
  const root = join(folder, 'root');
  for (const name of programs) await addProgram(root, name);
  await symlink('bash', join(root, 'bin/sh'));
  for (const name of ['tmp', 'run', 'etc', 'home/alice']) await mkdir(join(root, name), { recursive: true });
  await writeFile(
    join(root, 'etc/passwd'),
    'root:x:0:0::/:/bin/bash\nalice:x:1000:1000::/home/alice:/bin/bash\n',
  );
  await writeFile(join(root, 'etc/group'), 'root:x:0:\nalice:x:1000:\nstaff:x:50:alice\n');
  const layer = join(folder, 'layer.tar');
  execFileSync('tar', ['-C', root, '--owner=0', '--group=0', '-cf', layer, '.']);
  const digest = createHash('sha256')
    .update(await readFile(layer))
    .digest('hex');
  const config = {
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
  };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  const manifest = [
    { Config: 'config.json', RepoTags: ['nxc-docker-base-image:latest'], Layers: ['layer.tar'] },
  ];
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  made = join(folder, 'image.tar.gz');
  execFileSync('tar', ['-C', folder, '-czf', made, 'manifest.json', 'config.json', 'layer.tar']);
  return made;
}

async function addProgram(root: string, name: string): Promise<void> {
  const path = execFileSync('bash', ['-c', 'type -P "$1"', 'bash', name]).toString().trim();
  const libraries =
    execFileSync('ldd', [path])
      .toString()
      .match(/\/\S+(?= \(0x)/g) ?? [];
  for (const [from, to] of [[path, `/bin/${name}`], ...libraries.map(file => [file, file])] as Array<
    [string, string]
  >) {
    await mkdir(dirname(join(root, to)), { recursive: true });
    await copyFile(from, join(root, to));
  }
}

/** PID 1 of a node that ends when it is told to. */
export const idle = [
  '/bin/bash',
  '-c',
  'trap "exit 0" INT TERM; echo booted; while :; do sleep 1000 & wait; done',
];

/** A project with a finished build of flavour `docker`: what upstream's Nix code would write, made by hand. */
export async function writeDockerBuild(
  directory: string,
  services: Readonly<Record<string, object>>,
  { image, testScript = '', file = {} }: { image?: string; testScript?: string; file?: object } = {},
): Promise<string> {
  await writeFile(join(directory, 'nxc.json'), '{"composition":"composition.nix"}\n');
  await writeFile(join(directory, 'composition.nix'), '{ ... }: { roles = { }; }\n');
  const script = join(directory, 'test-script.py');
  await writeFile(script, testScript);
  const compose = join(directory, 'compose-of-roles.json');
  const complete = Object.entries(services).map(([role, service]) => [
    role,
    {
      cap_add: ['SYS_ADMIN'],
      command: idle,
      environment: { PATH: '/bin:/usr/bin:/run/current-system/sw/bin', container: 'docker' },
      hostname: role,
      image: 'nxc-docker-base-image:latest',
      stop_signal: 'SIGINT',
      tmpfs: ['/run', '/run/wrappers:exec,suid', '/tmp:exec,mode=777'],
      tty: true,
      volumes: ['/nix/store:/nix/store:ro', 'nxc-shared:/var/nxc/shared'],
      ports: [],
      ...service,
    },
  ]);
  const content = {
    version: '3.4',
    volumes: { 'nxc-shared': null },
    services: Object.fromEntries(complete),
    ...file,
  };
  await writeFile(compose, JSON.stringify(content));
  const link = buildLink(directory, { composition: 'composition', flavour: 'docker' });
  await writeComposeInfo(link, {
    image: image ?? (await imageTarball()),
    roles: Object.keys(services).sort(),
    'docker-compose-file': compose,
    test_script: script,
    flavour: 'docker',
  });
  return link;
}
