import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { buildLink } from '../../src/composition/build-link.js';
import { writeComposeInfo } from '../../src/composition/compose-info.js';
import type { RoleSpec, UnitSpec } from '../../src/composition/role-spec.js';
import { nxc } from './executable.js';
import { temporaryFolder } from './temporary.js';

/** A project with a finished build of flavour `local`, so that what comes after the build is tested by itself. */
export async function builtProject(
  roles: readonly string[] = ['foo'],
  testScript = '',
  units: UnitSpec[] = [],
): Promise<string> {
  const directory = await temporaryFolder();
  await writeFile(join(directory, 'nxc.json'), '{"composition":"composition.nix"}\n');
  await writeFile(join(directory, 'composition.nix'), '{ ... }: { roles = { }; }\n');
  await writeBuild(directory, roles, testScript, units);
  // Before the folder goes, whatever the test left running in it.
  onTestFinished(async () => void (existsSync(directory) && (await nxc(['stop'], { cwd: directory }))));
  return directory;
}

export async function writeBuild(
  directory: string,
  roles: readonly string[],
  testScript = '',
  units: UnitSpec[] = [],
): Promise<void> {
  const script = join(directory, 'test-script.py');
  await writeFile(script, testScript);
  await writeComposeInfo(buildLink(directory, { composition: 'composition', flavour: 'local' }), {
    flavour: 'local',
    roles,
    test_script: script,
    'x-nxc': {
      hash: 'a'.repeat(64),
      roles: Object.fromEntries(roles.map(role => [role, { ...emptyRole(role), units }])),
    },
  });
}

/** A role that asks for nothing: the host's programs and no unit. */
function emptyRole(role: string): RoleSpec {
  return {
    role,
    path: (process.env.PATH ?? '/usr/bin:/bin').split(':'),
    etc: {},
    variables: {},
    units: [],
    users: [],
    groups: [],
    extraHosts: '',
    sharedDirs: [],
    bootCommands: '',
  };
}
