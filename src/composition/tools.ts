import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { writeAtomically } from '../atomic-write.js';
import { NxcError } from '../errors.js';
import { homeFolder } from '../home-folder.js';
import { asJob } from '../jobs/as-job.js';
import type { Job, JobContext } from '../jobs/job.js';
import { askNix } from '../nix-cli/ask.js';
import { findProgram } from '../process/find-program.js';
import { readRegularText } from '../read-regular.js';
import { flakeOf } from './flake-reference.js';
import { explainFailure, isMissingOutput } from './nix-failure.js';
import { resolveStorePath } from './store.js';
import type { Project } from './types.js';

/** A program that a flavour needs is nowhere to be found. */
export class ToolMissing extends NxcError {}

/** Dev shells of a flake in which flavours find their tools (upstream's flake.nix), the usual one first. */
const SHELLS = ['nxcShell', 'nxcShellFull', 'nxcShellLite', 'default'];

/** Shell → its PATH, null when the flake has no such shell. */
type ShellPaths = Record<string, string | null>;

/**
 * Absolute path of a program: on PATH, else in a dev shell of the project's flake, which Nix builds when it has to. What was found
 * in a flake is kept as long as flake.nix and flake.lock stay the same.
 */
export async function findTool(name: string, project: Project, jobs: JobContext): Promise<string> {
  const found = findProgram(name) ?? (await inDevShells(name, project, jobs));
  if (found) return found;
  throw new ToolMissing({
    asked: `the program ${name} is needed and not there`,
    found: `neither in PATH nor in a dev shell of ${project.directory}/flake.nix (${SHELLS.join(', ')})`,
    todo: `install ${name}, or run this in nix develop`,
  });
}

async function inDevShells(name: string, project: Project, jobs: JobContext): Promise<string | undefined> {
  const cache = await cacheFile(project);
  if (!cache) return undefined;
  const known = await readCache(cache);
  const kept = SHELLS.map(shell => programIn(known[shell], name)).find(Boolean);
  if (kept) return kept;
  return asJob(`look for ${name}`, jobs, async job => {
    for (const shell of SHELLS) {
      // A path that is known may have been collected as garbage since.
      if (known[shell] === null) continue;
      known[shell] = await pathOf(shell, project, job, jobs);
      await writeAtomically(cache, JSON.stringify(known), { mode: 0o600, folderMode: 0o700 });
      const program = programIn(known[shell], name);
      if (!program) continue;
      job.finish(`in ${shell}`);
      return program;
    }
    job.fail('in no dev shell of the flake');
    return undefined;
  });
}

async function pathOf(
  shell: string,
  { directory: cwd }: Project,
  job: Job,
  jobs: JobContext,
): Promise<string | null> {
  await using flake = await flakeOf(cwd);
  const asked = await askNix(['print-dev-env', '--json', `${flake.reference}#${shell}`], { cwd, job, jobs });
  if (asked.status === 0) return pathIn(asked.stdout);
  if (isMissingOutput(asked.progress)) return null;
  throw await explainFailure(`the dev shell ${shell}`, cwd, asked.progress);
}

function pathIn(environment: string): string {
  const { variables } = JSON.parse(environment) as { variables: Record<string, { value: unknown }> };
  const path = variables.PATH?.value;
  return typeof path === 'string' ? path : '';
}

const programIn = (path: string | null | undefined, name: string): string | undefined =>
  path
    ? findProgram(
        name,
        path.split(delimiter).map(folder => resolveStorePath(folder)),
      )
    : undefined;

/** In this user's cache; undefined for a project without a flake. */
async function cacheFile({ directory }: Project): Promise<string | undefined> {
  const read = (name: string): string | undefined => {
    try {
      return readRegularText(join(directory, name));
    } catch {
      return undefined;
    }
  };
  const [flake, lock] = [read('flake.nix'), read('flake.lock')];
  if (flake === undefined) return undefined;
  const hash = createHash('sha256')
    .update(JSON.stringify([flake, lock]))
    .digest('hex');
  const home = process.env.XDG_CACHE_HOME || join(homeFolder(), '.cache');
  return join(home, 'nxc/dev-shells', `${hash.slice(0, 32)}.json`);
}

async function readCache(file: string): Promise<ShellPaths> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ShellPaths;
  } catch {
    return {};
  }
}
