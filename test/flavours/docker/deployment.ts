import { onTestFinished } from 'vitest';
import { readBuild } from '../../../src/composition/compose-info.js';
import type { RolesDistribution } from '../../../src/composition/types.js';
import type { Deployment, StartOptions } from '../../../src/deployment/deployment.js';
import { createManager } from '../../../src/deployment/manager.js';
import { type Engine, engineAt } from '../../../src/flavours/docker/engine/engine.js';
import { engineSocket } from '../../../src/flavours/docker/engine/socket.js';
import { docker } from '../../../src/flavours/docker/index.js';
import { ofRun } from '../../../src/flavours/docker/labels.js';
import { JobBoard } from '../../../src/jobs/board.js';
import { temporaryFolder } from '../../helpers/temporary.js';
import { writeDockerBuild } from './build.js';

/** Why these tests cannot run here; undefined when they can. */
export const noDocker: string | undefined =
  (await docker.requirements())
    .filter(({ ok, needed }) => needed && !ok)
    .map(({ name, detail }) => `${name}: ${detail}`)
    .join('; ') || undefined;

export const engine = (): Engine => engineAt(engineSocket());

export const silent = (): JobBoard => new JobBoard(new AbortController().signal);

export interface Built {
  directory: string;
  link: string;
}

/** A project in a folder of its own, with a build of these services. */
export async function built(
  services: Readonly<Record<string, object>>,
  options?: Parameters<typeof writeDockerBuild>[2],
): Promise<Built> {
  const directory = await temporaryFolder();
  return { directory, link: await writeDockerBuild(directory, services, options) };
}

/** Starts it with a manager of its own; it is stopped after the test, whatever became of it. */
export async function start(
  { directory, link }: Built,
  distribution: RolesDistribution = {},
  options: Partial<StartOptions> = {},
  jobs = silent(),
): Promise<Deployment> {
  const manager = createManager();
  onTestFinished(() => manager.close({ stopOwn: true }));
  return manager.start(await readBuild(link), { directory, distribution, ...options }, jobs);
}

/** What the engine has of a run. */
export async function thingsOf(run: string, from = engine()): Promise<string[]> {
  const query = ofRun(run);
  const [containers, networks, { Volumes }] = await Promise.all([
    from.get<Array<{ Names: string[] }>>('/containers/json', { query: { all: true, ...query } }),
    from.get<Array<{ Name: string }>>('/networks', { query }),
    from.get<{ Volumes: Array<{ Name: string }> | null }>('/volumes', { query }),
  ]);
  return [
    ...containers.flatMap(({ Names }) => Names),
    ...networks.map(({ Name }) => Name),
    ...(Volumes ?? []).map(({ Name }) => Name),
  ];
}

/** Standard output of a command on a node; a failed one throws. */
export async function text(
  deployment: Deployment,
  node: string,
  command: string,
  options = {},
): Promise<string> {
  const { status, stdout, stderr } = await deployment.transport(node).exec(command, options);
  if (status !== 0) throw new Error(`${command}: status ${status}\n${stderr}`);
  return stdout.toString();
}
