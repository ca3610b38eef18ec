import { formatBuildName, listBuilds } from '../composition/build-link.js';
import { readBuild } from '../composition/compose-info.js';
import { findProject } from '../composition/project.js';
import { deploymentName } from '../deployment/deployment.js';
import { flavourNames } from '../flavours/registry.js';
import type { CompletionRequest } from './command.js';
import { targetNames } from './complete-targets.js';

type Candidates = (request: CompletionRequest) => Promise<readonly string[]> | readonly string[];

/** Options that want the same wherever a verb has them. */
const candidates: Readonly<Record<string, Candidates>> = {
  '--flavour': flavourNames,
  '--nodes': ({ context, word }) => targetNames(context, word),
  '--deployment': async ({ context }) =>
    (await context.manager.list(directoryOf(context))).map(deploymentName),
  '--composition-flavour': async ({ context }) =>
    (await listBuilds(directoryOf(context))).map(formatBuildName),
  '--role': async ({ context }) => {
    const [newest] = await listBuilds(directoryOf(context));
    return newest ? (await readBuild(newest.link)).roles.map(role => `${role}=`) : [];
  },
};

/** Values of an option that fit; none where there is no project, or nothing that can be read. */
export async function completeOption(option: string, request: CompletionRequest): Promise<readonly string[]> {
  if (!Object.hasOwn(candidates, option)) return [];
  try {
    return await candidates[option]!(request);
  } catch {
    return [];
  }
}

const directoryOf = ({ workspace }: CompletionRequest['context']) => findProject(workspace.cwd).directory;
