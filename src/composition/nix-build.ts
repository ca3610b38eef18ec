/** Builds through `nix build` of the project's flake: every flavour but `local`, whose counterpart is local-build.ts. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Job, JobContext } from '../jobs/job.js';
import { packageNames } from '../nix-cli/outputs.js';
import { NixProgress } from '../nix-cli/progress.js';
import { runNix } from '../nix-cli/run.js';
import { writeProvenance } from './build-provenance.js';
import { buildSources } from './build-sources.js';
import { readBuild } from './compose-info.js';
import { otherComposition } from './flake-outputs.js';
import { explainFailure, isMissingOutput } from './nix-failure.js';
import { type NixTarget, nixTarget, outputReference } from './nix-target.js';
import { scratchFlake } from './scratch-flake.js';
import { effectiveSetup, loadSetup } from './setup.js';
import type { Build, BuildRequest } from './types.js';

/**
 * Builds a composition for a flavour and leaves build/<composition>::<flavour>, a link to its compose-info in the store. A build
 * that fails leaves the link that was there. Interrupted, it ends Nix and all that Nix has begun.
 */
export async function buildWithNix(flavour: string, request: BuildRequest, jobs: JobContext): Promise<Build> {
  const job = jobs.job('build');
  const { project, setup: variant, setupParams: params } = request;
  try {
    const setup = await loadSetup(project.directory, { variant, params });
    for (const warning of setup.warnings) jobs.warn(warning);
    const target = nixTarget(flavour, request, setup.options);
    const replaced = await buildSources(project, target.file, setup, { variant, params });
    await using scratch = replaced.size > 0 ? await scratchFlake(project.directory, replaced) : undefined;
    const run = { flake: scratch?.reference ?? '.', request, job, jobs };
    const built = await nixBuild(target, run);
    const { composition, link } = built;
    if (!request.outLink) await writeProvenance(link, { composition, flavour }, effectiveSetup(setup));
    const build = await readBuild(link, { composition, flavour });
    const { length } = build.roles;
    job.finish(`${composition}::${flavour}, ${length} ${length === 1 ? 'role' : 'roles'}`);
    return build;
  } catch (error) {
    if (jobs.signal.aborted) job.cancel();
    else job.fail((error as Error).message.split('\n')[0]!);
    throw error;
  }
}

interface NixRun {
  /** What stands before `#`. */
  flake: string;
  request: BuildRequest;
  job: Job;
  jobs: JobContext;
}

/** Builds the target, or what the flake has in its place; returns what was built. */
async function nixBuild(target: NixTarget, run: NixRun): Promise<NixTarget> {
  const { flake, request, jobs } = run;
  const { directory: cwd } = request.project;
  const failed = await attempt(target, run);
  if (!failed) return target;
  if (!isMissingOutput(failed)) throw await explainFailure(target.attribute, cwd, failed);
  const packages = await packageNames(flake, { cwd, signal: jobs.signal });
  const compositionName = otherComposition(target, {
    named: request.compositionName !== undefined,
    packages,
  });
  const other = nixTarget(target.flavour, { ...request, compositionName, compositionFile: target.file });
  const failedToo = await attempt(other, run);
  if (failedToo) throw await explainFailure(other.attribute, cwd, failedToo);
  return other;
}

/** What Nix said, when it did not succeed. */
async function attempt(
  target: NixTarget,
  { flake, request, job, jobs }: NixRun,
): Promise<NixProgress | undefined> {
  await mkdir(dirname(target.link), { recursive: true });
  const progress = new NixProgress(job, message => jobs.warn(message));
  const output = ['-o', target.link, '--json', '--log-format', 'internal-json', '-v'];
  const { status } = await runNix(
    ['build', outputReference(flake, target), ...output, ...(request.nixFlags ?? [])],
    { cwd: request.project.directory, signal: jobs.signal, onLine: line => progress.take(line) },
  );
  return status === 0 ? undefined : progress;
}
