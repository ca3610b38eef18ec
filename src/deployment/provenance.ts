import { join } from 'node:path';
import { execa } from 'execa';
import type { BuildSetup } from '../composition/types.js';
import type { Renderable } from '../display/bundle.js';
import type { DeploymentRecord } from '../flavours/record.js';
import { readRegularText } from '../read-regular.js';

/**
 * Media type under which a started deployment tells where results come from. It stands beside text/plain in the bundle
 * that `start` shows; front-ends pass over it, the saved notebook keeps it, and the report reads it there.
 */
export const DEPLOYMENT_FACTS = 'application/vnd.nxc.deployment+json';

export interface DeploymentFacts {
  run: string;
  composition: string;
  flavour: string;
  /** sha256 of the composition's evaluated content, hexadecimal. */
  hash: string;
  /** Absolute path of the project. */
  project: string;
  /** `user@host`. */
  owner: string;
  /** ISO 8601. */
  started: string;
  nodes: Array<{ name: string; role: string; address?: string }>;
  parameters?: Record<string, unknown>;
  /** Variant and parameters of setup.toml that the build was made with. */
  setup?: BuildSetup;
  git?: SourceRevision;
  /** Locked inputs of the project's flake.lock. */
  inputs?: FlakeInput[];
}

export interface SourceRevision {
  /** Full commit id. */
  revision: string;
  branch?: string;
  /** Tracked files differ from the commit. */
  dirty: boolean;
}

export interface FlakeInput {
  name: string;
  /** `github:NixOS/nixpkgs`, or the lock's url or path. */
  source: string;
  revision?: string;
  /** ISO 8601 day. */
  modified?: string;
}

export async function deploymentFacts(record: DeploymentRecord): Promise<DeploymentFacts> {
  const { run, composition, flavour, hash, project, owner, started, nodes, setup } = record['x-nxc'];
  const [git, inputs] = await Promise.all([sourceRevision(project), flakeInputs(project)]);
  const facts: DeploymentFacts = { run, composition, flavour, hash, project, owner, started, nodes };
  if (Object.keys(record.parameters ?? {}).length) facts.parameters = record.parameters;
  if (setup) facts.setup = setup;
  if (git) facts.git = git;
  if (inputs.length) facts.inputs = inputs;
  return facts;
}

/** What is shown of a started deployment, with its facts beside it. */
export function withFacts(shown: Renderable, facts: DeploymentFacts): Renderable {
  return {
    toMimeBundle: async () => ({ ...(await shown.toMimeBundle()), [DEPLOYMENT_FACTS]: facts }),
    ...(shown.toTerminal ? { toTerminal: columns => shown.toTerminal!(columns) } : {}),
  };
}

/** The commit a folder is at; undefined outside a git repository, before a first commit, or without git. */
export async function sourceRevision(folder: string): Promise<SourceRevision | undefined> {
  const git = async (...args: string[]): Promise<string> =>
    (await execa('git', ['-C', folder, ...args], { timeout: 5000, env: { GIT_OPTIONAL_LOCKS: '0' } })).stdout;
  try {
    const revision = await git('rev-parse', 'HEAD');
    const [branch, changes] = await Promise.all([
      git('symbolic-ref', '--quiet', '--short', 'HEAD').catch(() => ''),
      git('status', '--porcelain', '--untracked-files=no'),
    ]);
    return branch ? { revision, branch, dirty: changes !== '' } : { revision, dirty: changes !== '' };
  } catch {
    return undefined;
  }
}

interface LockNode {
  inputs?: Record<string, string | string[]>;
  locked?: {
    type?: string;
    owner?: string;
    repo?: string;
    url?: string;
    path?: string;
    rev?: string;
    lastModified?: number;
  };
}

/** The direct inputs of a project's flake.lock; none when there is no (readable) lock. */
export async function flakeInputs(project: string): Promise<FlakeInput[]> {
  try {
    const lock = JSON.parse(readRegularText(join(project, 'flake.lock'))) as {
      root: string;
      nodes: Record<string, LockNode>;
    };
    return Object.entries(lock.nodes[lock.root]?.inputs ?? {}).flatMap(([name, target]) => {
      const locked = typeof target === 'string' ? lock.nodes[target]?.locked : undefined;
      if (!locked) return [];
      const { type = '', owner, repo, url, path, rev, lastModified } = locked;
      const input: FlakeInput = { name, source: owner ? `${type}:${owner}/${repo}` : (url ?? path ?? type) };
      if (rev) input.revision = rev;
      if (lastModified) input.modified = new Date(lastModified * 1000).toISOString().slice(0, 10);
      return [input];
    });
  } catch {
    return [];
  }
}
