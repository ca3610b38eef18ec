import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { writeAtomically } from '../atomic-write.js';
import type { JobContext } from '../jobs/job.js';
import { buildLink } from './build-link.js';
import { writeComposeInfo } from './compose-info.js';
import type { Evaluations } from './evaluation/messages.js';
import { evaluate } from './evaluation/thread.js';
import { Farm } from './packages/farm.js';
import { compositionFile, compositionName } from './project.js';
import { effectiveSetup, loadSetup } from './setup.js';
import type { Build, BuildRequest, BuildSetup } from './types.js';

const FLAVOUR = 'local';

type Evaluated = Evaluations['local']['result'];

/**
 * Builds a composition for `local`: evaluates it and writes build/<composition>::local, a compose-info whose `x-nxc.roles` says what each role means (RoleSpec). A build that fails leaves what was there.
 */
export async function buildLocal(request: BuildRequest, jobs: JobContext): Promise<Build> {
  const job = jobs.job('build');
  try {
    const { project, setup: variant, setupParams: params, compositionName: name } = request;
    const setup = await loadSetup(project.directory, { variant, params });
    const file = compositionFile(
      project,
      request.compositionFile ?? (setup.options['composition-file'] as string | undefined),
    );
    const artifacts = join(project.directory, 'artifact', name ?? compositionName(file), FLAVOUR);
    const farm = packagesFolder(artifacts);
    job.step(`evaluating ${basename(file)}`);
    const evaluated = await evaluate('local', { file, name, farm, setup }, { signal: jobs.signal });
    for (const warning of evaluated.warnings) jobs.warn(warning);
    job.step(`writing ${evaluated.composition}::${FLAVOUR}`);
    const build = await write(
      request,
      evaluated,
      artifacts,
      new Farm(farm, evaluated.packages),
      effectiveSetup(setup),
    );
    const { length } = evaluated.roles;
    job.finish(`${evaluated.composition}::${FLAVOUR}, ${length} ${length === 1 ? 'role' : 'roles'}`);
    return build;
  } catch (error) {
    if (jobs.signal.aborted) job.cancel();
    else job.fail((error as Error).message.split('\n')[0]!);
    throw error;
  }
}

/**
 * Where a build's packages go. Compositions write `${pkgs.nodejs}/bin/node` without quotes, as store paths need none; below a
 * project whose path would need some they go into this user's cache.
 */
function packagesFolder(artifacts: string): string {
  if (/^[\w.+/-]+$/.test(artifacts)) return join(artifacts, 'pkgs');
  const name = createHash('sha256').update(artifacts).digest('hex').slice(0, 16);
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nxc/packages', name);
}

async function write(
  request: BuildRequest,
  evaluated: Evaluated,
  artifacts: string,
  farm: Farm,
  setup: BuildSetup | undefined,
): Promise<Build> {
  const { composition, roles, distribution, testScript, warnings } = evaluated;
  await farm.write();
  const hash = hashOf(evaluated, farm.root);
  const script = join(artifacts, `test-script-${hash.slice(0, 16)}.py`);
  if (testScript !== undefined) await writeAtomically(script, testScript, { mode: 0o600, folderMode: 0o700 });
  const info = {
    flavour: FLAVOUR,
    roles: roles.map(({ role }) => role),
    ...(distribution && { roles_distribution: distribution }),
    ...(testScript !== undefined && { test_script: script }),
    'x-nxc': {
      roles: Object.fromEntries(roles.map(spec => [spec.role, spec])),
      hash,
      warnings,
      packages: farm.root,
      ...(setup && { setup }),
    },
  };
  const { directory } = request.project;
  const link = request.outLink
    ? resolve(directory, request.outLink)
    : buildLink(directory, { composition, flavour: FLAVOUR });
  await writeComposeInfo(link, info);
  return {
    composition,
    flavour: FLAVOUR,
    link,
    roles: info.roles,
    ...(distribution && { rolesDistribution: distribution }),
    ...(testScript !== undefined && { testScript }),
    info,
    hash,
    ...(setup && { setup }),
  };
}

/** The same for the same content, wherever the project lies. */
function hashOf({ roles, distribution, testScript }: Evaluated, farm: string): string {
  const text = JSON.stringify([roles, distribution, testScript]).replaceAll(farm, '');
  return createHash('sha256').update(text).digest('hex');
}
