import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildName, listBuilds } from '../composition/build-link.js';
import { buildNames, packageNames } from '../composition/flake-outputs.js';
import { flakeOf } from '../composition/flake-reference.js';
import { localCompositions } from '../composition/local-build.js';
import type { BuildRequest } from '../composition/types.js';
import type { Display } from '../display/display.js';
import { Table } from '../display/table.js';
import { NxcError } from '../errors.js';
import { flavourNames } from '../flavours/registry.js';
import { asJob } from '../jobs/as-job.js';
import { withJobs } from '../jobs/board.js';
import type { CommandContext } from './command.js';

/** What can be built of a project: for `local` what its composition file holds, for the others what its flake has. */
export async function listBuildNames(
  request: BuildRequest,
  { display, signal }: Pick<CommandContext, 'display' | 'signal'>,
): Promise<Table> {
  const { directory } = request.project;
  const errors: NxcError[] = [];
  const told = async (names: Promise<BuildName[]>): Promise<BuildName[]> => {
    try {
      return await names;
    } catch (error) {
      if (!(error instanceof NxcError) || signal.aborted) throw error;
      errors.push(error);
      return [];
    }
  };
  const [local, nix, built] = await Promise.all([
    told(ofCompositionFile(request, signal)),
    told(ofFlake(directory, display, signal)),
    listBuilds(directory),
  ]);
  // With nothing to list, what stands in the way is the answer.
  if (errors[0] && local.length + nix.length === 0) throw errors[0];
  for (const error of errors) display.write(`warning: ${error.message}\n`, 'stderr');
  return new Table(
    [...local, ...nix].map(({ composition, flavour }) => ({
      build: `${composition}::${flavour}`,
      built: built.some(one => one.composition === composition && one.flavour === flavour) ? 'yes' : '',
      'runs here': flavourNames().includes(flavour) ? 'yes' : 'not in this version',
    })),
  );
}

async function ofCompositionFile(request: BuildRequest, signal: AbortSignal): Promise<BuildName[]> {
  const names = await localCompositions(request, signal);
  return names.map(composition => ({ composition, flavour: 'local' }));
}

async function ofFlake(cwd: string, display: Display, signal: AbortSignal): Promise<BuildName[]> {
  // A project for local alone has none, and lacks nothing.
  if (!existsSync(join(cwd, 'flake.nix'))) return [];
  return withJobs(display, signal, jobs =>
    asJob('read the flake', jobs, async job => {
      await using flake = await flakeOf(cwd);
      const names = buildNames(await packageNames(flake.reference, { cwd, job, jobs }));
      job.finish(`${names.length} to build`);
      return names;
    }),
  );
}
