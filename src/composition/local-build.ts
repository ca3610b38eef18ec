import { createHash } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { writeAtomically } from '../atomic-write.js';
import { homeFolder } from '../home-folder.js';
import { asJob } from '../jobs/as-job.js';
import type { Job, JobContext } from '../jobs/job.js';
import { writeError } from '../write-error.js';
import { artifactFolder, buildLink } from './build-link.js';
import { writeComposeInfo } from './compose-info.js';
import { evaluate } from './evaluation/child.js';
import type { LocalRequest } from './evaluation/local-evaluation.js';
import type { Evaluations } from './evaluation/messages.js';
import { Farm } from './packages/farm.js';
import { compositionFile, compositionName, compositionNote } from './project.js';
import { repositoryOf } from './repository.js';
import { effectiveSetup, loadSetup } from './setup.js';
import type { Build, BuildPlan, BuildRequest, BuildSetup, Project, RolesDistribution } from './types.js';

const FLAVOUR = 'local';

type LocalResult = Evaluations['local']['result'];

/**
 * Builds a composition for `local`: evaluates it and writes build/<composition>::local, a compose-info whose `x-nxc.roles` says what each role means (RoleSpec). A build that fails leaves what was there.
 */
export function buildLocal(request: BuildRequest, jobs: JobContext): Promise<Build> {
  return asJob('build', jobs, async job => {
    const { evaluated, artifacts, farm, setup } = await evaluateRequest(request, job, jobs);
    job.step(`writing ${evaluated.composition}::${FLAVOUR}`);
    const packages = new Farm(farm, evaluated.packages);
    const build = await write(request, evaluated, artifacts, packages, effectiveSetup(setup));
    job.finish(summary(evaluated));
    return build;
  });
}

/** Evaluates what a build would build, with all of its errors and warnings, and writes nothing. Returns a line about it. */
export function evaluateLocal(request: BuildRequest, jobs: JobContext): Promise<string> {
  return asJob('evaluate', jobs, async job => {
    const line = summary((await evaluateRequest(request, job, jobs)).evaluated);
    job.finish(line);
    return line;
  });
}

export async function planLocal(request: BuildRequest): Promise<BuildPlan> {
  const { file, name } = await questionOf(request);
  return { file, link: linkOf(request, name ?? compositionName(file)), replaced: [] };
}

/** Names of the compositions in the project's composition file. */
export async function localCompositions(request: BuildRequest, signal: AbortSignal): Promise<string[]> {
  return evaluate('names', await questionOf(request), { signal });
}

/** The roles of a project's composition as `local` has them, and how many nodes of each; nothing is written. */
export async function rolesOf(
  project: Project,
  signal: AbortSignal,
): Promise<{ composition: string; roles: string[]; distribution: RolesDistribution }> {
  const { artifacts: _, ...question } = await questionOf({ project });
  const evaluated = await evaluate('local', question, { signal });
  const { composition, roles, distribution = {} } = evaluated;
  return { composition, roles: roles.map(({ role }) => role), distribution };
}

async function evaluateRequest(
  request: BuildRequest,
  job: Job,
  jobs: JobContext,
): Promise<Question & { evaluated: LocalResult }> {
  const question = await questionOf(request);
  const { artifacts: _, ...asked } = question;
  const { file } = asked;
  job.step(`evaluating ${basename(file)}`);
  const evaluated = await evaluate('local', asked, { signal: jobs.signal });
  const note = request.compositionFile === undefined ? compositionNote(request.project, file) : undefined;
  for (const warning of [...(note ? [note] : []), ...evaluated.warnings]) jobs.warn(warning);
  return { ...question, evaluated };
}

interface Question extends LocalRequest {
  artifacts: string;
}

async function questionOf(request: BuildRequest): Promise<Question> {
  const { project, setup: variant, setupParams: params, compositionName: name } = request;
  const setup = await loadSetup(project.directory, { variant, params });
  const chosen = request.compositionFile ?? (setup.options['composition-file'] as string | undefined);
  const file = compositionFile(project, chosen);
  const composition = name ?? compositionName(file);
  const artifacts = artifactFolder(project.directory, { composition, flavour: FLAVOUR });
  return {
    file,
    ...(name === undefined ? {} : { name }),
    setup,
    artifacts,
    farm: packagesFolder(artifacts),
    roots: request.impure ? undefined : rootsOf(project, request.compositionFile),
  };
}

/** What the flake of the project would hold, and the folder of a file that was named on the command line. */
function rootsOf({ directory }: Project, named: string | undefined): string[] {
  const own = named === undefined ? [] : [dirname(resolve(directory, named))];
  return [repositoryOf(directory) ?? directory, ...own];
}

function summary({ composition, roles }: LocalResult): string {
  return `${composition}::${FLAVOUR}, ${roles.length} ${roles.length === 1 ? 'role' : 'roles'}`;
}

/**
 * Where a build's packages go. Their files name each other by absolute paths, so a project that was copied or moved has others. Compositions write `${pkgs.nodejs}/bin/node` without quotes, as store paths need none; below a
 * project whose path would need some they go into this user's cache.
 */
function packagesFolder(artifacts: string): string {
  const name = createHash('sha256').update(artifacts).digest('hex');
  if (/^[\w.+/-]+$/.test(artifacts)) return join(artifacts, `pkgs-${name.slice(0, 8)}`);
  return join(process.env.XDG_CACHE_HOME || join(homeFolder(), '.cache'), 'nxc/packages', name.slice(0, 16));
}

async function write(
  request: BuildRequest,
  evaluated: LocalResult,
  artifacts: string,
  farm: Farm,
  setup: BuildSetup | undefined,
): Promise<Build> {
  const { composition, roles, distribution, testScript, warnings } = evaluated;
  await farm.write().catch(error => {
    throw writeError(`cannot write ${farm.root}`, error);
  });
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
      project: request.project.directory,
      ...(setup && { setup }),
    },
  };
  const link = linkOf(request, composition);
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

function linkOf({ project: { directory }, outLink }: BuildRequest, composition: string): string {
  return outLink ? resolve(directory, outLink) : buildLink(directory, { composition, flavour: FLAVOUR });
}

/** The same for the same content, wherever the project lies. */
function hashOf({ roles, distribution, testScript }: LocalResult, farm: string): string {
  const text = JSON.stringify([roles, distribution, testScript]).replaceAll(farm, '');
  return createHash('sha256').update(text).digest('hex');
}
