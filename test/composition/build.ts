import { buildLocal } from '../../src/composition/local-build.js';
import { openProject } from '../../src/composition/project.js';
import type { RoleSpec } from '../../src/composition/role-spec.js';
import type { Build, BuildRequest } from '../../src/composition/types.js';
import type { JobContext } from '../../src/jobs/job.js';
import { temporaryFolder } from './temporary.js';

export interface Built extends Build {
  folder: string;
  specs: Record<string, RoleSpec>;
  warnings: string[];
}

/** Builds the composition of these files for `local`; text alone is composition.nix. */
export async function build(
  files: string | Record<string, string>,
  request: Partial<BuildRequest> = {},
): Promise<Built> {
  const folder = temporaryFolder(typeof files === 'string' ? { 'composition.nix': files } : files);
  return buildIn(folder, request);
}

export async function buildIn(
  folder: string,
  request: Partial<BuildRequest> = {},
  signal = new AbortController().signal,
): Promise<Built> {
  const warnings: string[] = [];
  const job = { step() {}, details() {}, log() {}, finish() {}, fail() {}, cancel() {} };
  const jobs: JobContext = { job: () => job, warn: message => warnings.push(message), signal };
  const built = await buildLocal({ project: openProject(folder), ...request }, jobs);
  const { roles } = built.info['x-nxc'] as { roles: Record<string, RoleSpec> };
  return { ...built, folder, specs: roles, warnings };
}

/** Builds one role `foo` with this body. */
export async function buildRole(
  body: string,
  files: Record<string, string> = {},
): Promise<RoleSpec & { warnings: string[] }> {
  const built = await build({ 'composition.nix': roleFile(body), ...files });
  return { ...built.specs.foo!, warnings: built.warnings };
}

export function roleFile(body: string): string {
  return `{ pkgs, lib, ... }: {\n  roles.foo = { pkgs, config, lib, ... }: {\n${body}\n  };\n}\n`;
}

/** The message of the error that this build ends with; the project's folder is written as /project. */
export async function failure(
  files: string | Record<string, string>,
  request: Partial<BuildRequest> = {},
): Promise<string> {
  const folder = temporaryFolder(typeof files === 'string' ? { 'composition.nix': files } : files);
  try {
    await buildIn(folder, request);
  } catch (error) {
    if (!('parts' in (error as Error))) throw error;
    return (error as Error).message.replaceAll(folder, '/project');
  }
  throw new Error('the build succeeded');
}
