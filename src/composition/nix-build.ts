/** Builds through `nix build` of the project's flake: every flavour but `local`, whose counterpart is local-build.ts. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { JobContext } from '../jobs/job.js';
import { NixProgress } from '../nix-cli/progress.js';
import { runNix } from '../nix-cli/run.js';
import { readBuild } from './compose-info.js';
import { explainFailure } from './nix-failure.js';
import { type NixTarget, nixTarget } from './nix-target.js';
import { nixSystem } from './packages/derivation.js';
import { loadSetup } from './setup.js';
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
    const target = nixTarget(flavour, request, setup);
    await mkdir(dirname(target.link), { recursive: true });
    const progress = new NixProgress(job, message => jobs.warn(message));
    const { status } = await runNix([...buildArguments(target), ...(request.nixFlags ?? [])], {
      cwd: project.directory,
      signal: jobs.signal,
      onLine: line => progress.take(line),
    });
    if (status !== 0) throw explainFailure(target, progress);
    const build = await readBuild(target.link, { composition: target.composition, flavour });
    const { length } = build.roles;
    job.finish(`${target.composition}::${flavour}, ${length} ${length === 1 ? 'role' : 'roles'}`);
    return build;
  } catch (error) {
    if (jobs.signal.aborted) job.cancel();
    else job.fail((error as Error).message.split('\n')[0]!);
    throw error;
  }
}

function buildArguments({ attribute, link }: NixTarget): string[] {
  const reference = `.#packages.${nixSystem()}."${attribute}"`;
  return ['build', reference, '-o', link, '--json', '--log-format', 'internal-json', '-v'];
}
