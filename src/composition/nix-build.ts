/** Builds through `nix build` of the project's flake: every flavour but `local`, whose counterpart is local-build.ts. */
import { dirname } from 'node:path';
import { asJob } from '../jobs/as-job.js';
import type { Job, JobContext } from '../jobs/job.js';
import { makeFolder } from '../make-folder.js';
import { type Asked, askNix } from '../nix-cli/ask.js';
import { FEATURES } from '../nix-cli/run.js';
import { writeProvenance } from './build-provenance.js';
import { buildSources } from './build-sources.js';
import { readBuild } from './compose-info.js';
import { otherComposition, packageNames } from './flake-outputs.js';
import { flakeInPlace, flakeOf } from './flake-reference.js';
import { explainFailure, isMissingOutput } from './nix-failure.js';
import { nixFlags } from './nix-flags.js';
import { type NixTarget, nixTarget, outputReference } from './nix-target.js';
import { effectiveSetup, loadSetup, type Setup } from './setup.js';
import type { Build, BuildPlan, BuildRequest } from './types.js';

/** What is asked of Nix for a target. */
type Verb = (target: NixTarget) => string[];

const build: Verb = ({ link }) => ['build', '-o', link, '--json'];
const evaluate: Verb = () => ['eval', '--raw'];

/**
 * Builds a composition for a flavour and leaves build/<composition>::<flavour>, a link to its compose-info in the store. A build
 * that fails leaves the link that was there. Interrupted, it ends Nix and all that Nix has begun.
 */
export function buildWithNix(flavour: string, request: BuildRequest, jobs: JobContext): Promise<Build> {
  return asJob('build', jobs, async job => {
    const { target, setup } = await ask(build, flavour, request, job, jobs);
    const { composition, link } = target;
    if (!request.outLink) await writeProvenance(link, { composition, flavour }, effectiveSetup(setup));
    const built = await readBuild(link, { composition, flavour });
    const { length } = built.roles;
    job.finish(`${composition}::${flavour}, ${length} ${length === 1 ? 'role' : 'roles'}`);
    return built;
  });
}

/** Evaluates what a build would build, and builds nothing. Returns the store path that the link would lead to. */
export function evaluateWithNix(flavour: string, request: BuildRequest, jobs: JobContext): Promise<string> {
  return asJob('evaluate', jobs, async job => {
    const { target, stdout } = await ask(evaluate, flavour, request, job, jobs);
    job.finish(`${target.composition}::${flavour}`);
    return stdout;
  });
}

/** What a build would do. Nothing has been asked of Nix. */
export async function planWithNix(flavour: string, request: BuildRequest): Promise<BuildPlan> {
  const { target, flags, replaced } = await prepare(flavour, request);
  const { file, link } = target;
  return {
    file,
    link,
    command: [
      'nix',
      ...FEATURES,
      ...build(target),
      outputReference(flakeInPlace(request.project.directory) ?? '.', target),
      ...flags,
    ],
    replaced: [...replaced.keys()],
  };
}

/** Takes newer revisions of the flake's inputs into flake.lock. */
export function updateInputs({ project }: Pick<BuildRequest, 'project'>, jobs: JobContext): Promise<void> {
  return asJob('update inputs', jobs, async job => {
    const cwd = project.directory;
    const flake = flakeInPlace(cwd) ?? '.';
    const { status, progress } = await askNix(['flake', 'update', ...(flake === '.' ? [] : [flake])], {
      cwd,
      job,
      jobs,
    });
    if (status !== 0) throw await explainFailure('flake.lock', cwd, progress);
    job.finish('flake.lock has the newest');
  });
}

interface Prepared {
  target: NixTarget;
  setup: Setup;
  /** Absolute path in the project → text, of what the build reads with other content. */
  replaced: ReadonlyMap<string, string>;
  flags: readonly string[];
}

async function prepare(flavour: string, request: BuildRequest): Promise<Prepared> {
  const { project, setup: variant, setupParams: params } = request;
  const setup = await loadSetup(project.directory, { variant, params });
  const target = nixTarget(flavour, request, setup.options);
  const replaced = await buildSources(project, target.file, setup, { variant, params });
  return { target, setup, replaced, flags: request.nixFlags ?? nixFlags(setup.options['nix-flags']) };
}

interface Answer {
  target: NixTarget;
  setup: Setup;
  stdout: string;
}

/** Asks Nix for what the request means, or for what the flake has in its place. */
async function ask(
  verb: Verb,
  flavour: string,
  request: BuildRequest,
  job: Job,
  jobs: JobContext,
): Promise<Answer> {
  const { directory: cwd } = request.project;
  const { target, setup, replaced, flags } = await prepare(flavour, request);
  for (const warning of setup.warnings) jobs.warn(warning);
  await using source = await flakeOf(cwd, replaced);
  const flake = source.reference;
  const attempt = async (wanted: NixTarget): Promise<Asked> => {
    makeFolder(dirname(wanted.link));
    return askNix([...verb(wanted), outputReference(flake, wanted), ...flags], { cwd, job, jobs });
  };
  const first = await attempt(target);
  if (first.status === 0) return { target, setup, stdout: first.stdout };
  if (!isMissingOutput(first.progress)) throw await explainFailure(target.attribute, cwd, first.progress);
  const packages = await packageNames(flake, { cwd, job, jobs });
  const compositionName = otherComposition(target, {
    named: request.compositionName !== undefined,
    packages,
  });
  const other = nixTarget(flavour, { ...request, compositionName }, setup.options);
  const second = await attempt(other);
  if (second.status !== 0) throw await explainFailure(other.attribute, cwd, second.progress);
  return { target: other, setup, stdout: second.stdout };
}
