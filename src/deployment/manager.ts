/**
 * The deployment manager: starts, finds again and stops deployments. What it knows it reads from the records in
 * deploy/ and from the flavours, so that any process may go on where another one ended.
 */
import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { distributeRoles } from '../composition/distribution.js';
import { ProjectError } from '../composition/errors.js';
import { findProject } from '../composition/project.js';
import type { Build, BuildRequest } from '../composition/types.js';
import { InterruptedError } from '../errors.js';
import type { Leftover } from '../flavours/flavour.js';
import type { DeploymentRecord } from '../flavours/record.js';
import { flavourNames, loadFlavour } from '../flavours/registry.js';
import { JobBoard } from '../jobs/board.js';
import type { JobContext } from '../jobs/job.js';
import { checkBelonging } from './belonging.js';
import { chooseFlavour } from './choose-flavour.js';
import { removeRecord, whileClaimed } from './claim.js';
import {
  type Deployment,
  type DeploymentManager,
  deploymentName,
  type StartOptions,
  type UnusableRecord,
} from './deployment.js';
import { CopiedRecord, DeploymentError, RecordError } from './errors.js';
import {
  createRecord,
  isRecorded,
  listRecords,
  readPlace,
  recordFile,
  replaceRecord,
  updateRecord,
} from './record-store.js';
import { RunningDeployment } from './running.js';
import { mayBeAlive, thisProcess } from './starter.js';

export const createManager = (): DeploymentManager => new Manager();

class Manager implements DeploymentManager {
  /** By run. */
  readonly #live = new Map<string, RunningDeployment>();
  /** Runs that this process started and shall stop with it. */
  readonly #own = new Set<string>();
  /** By project, the newest last. */
  readonly #currentOf = new Map<string, RunningDeployment>();
  readonly #listeners = new Set<(current: Deployment | undefined) => void>();
  /** Starts on their way. */
  readonly #starting = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();

  async build(request: BuildRequest & { flavour?: string }, jobs: JobContext): Promise<Build> {
    const { flavour: asked, ...rest } = request;
    const name = await chooseFlavour(request.project, {
      ...(asked === undefined ? {} : { asked }),
      ...(request.setup === undefined ? {} : { setup: request.setup }),
    });
    return (await loadFlavour(name)).build(rest, jobs);
  }

  async start(build: Build, options: StartOptions, jobs: JobContext): Promise<Deployment> {
    const start = this.#start(build, options, {
      job: (name, of) => jobs.job(name, of),
      warn: message => jobs.warn(message),
      signal: AbortSignal.any([jobs.signal, this.#closing.signal]),
    });
    this.#starting.add(start);
    try {
      return await start;
    } finally {
      this.#starting.delete(start);
    }
  }

  async #start(build: Build, options: StartOptions, jobs: JobContext): Promise<Deployment> {
    const flavour = await loadFlavour(build.flavour);
    const nodes = distributeRoles(build.roles, options.distribution ?? {}, build.rolesDistribution ?? {});
    const record = newRecord(build, options, nodes);
    await this.#claim(record, jobs);
    const deployment = new RunningDeployment(record, flavour);
    try {
      await flavour.start({ build, nodes, record, save: () => updateRecord(record) }, jobs);
      record['x-nxc'].state = 'running';
      await updateRecord(record);
      if (jobs.signal.aborted) throw new InterruptedError('the start was interrupted');
    } catch (error) {
      await this.#remove(deployment, silent()).catch((reason: Error) =>
        jobs.warn(
          `what the failed start left could not be removed (\`nxc stop\` tries again): ${reason.message}`,
        ),
      );
      throw error;
    }
    if (!options.keep) this.#own.add(record['x-nxc'].run);
    this.#makeCurrent(deployment);
    return deployment;
  }

  async current(directory: string): Promise<Deployment | undefined> {
    const project = projectOf(directory);
    // Outside of any project people mean what they worked with last.
    const known = project === undefined ? [...this.#currentOf.values()].at(-1) : this.#currentOf.get(project);
    if (known) {
      if (await isRecorded(known.record)) return known;
      await this.#forget(known);
    }
    if (project === undefined) return undefined;
    for (const deployment of (await this.#recorded(project)).deployments) {
      if (!(await runs(deployment))) continue;
      this.#makeCurrent(deployment);
      return deployment;
    }
    return undefined;
  }

  async require(directory: string): Promise<Deployment> {
    const current = await this.current(directory);
    if (current) return current;
    const { directory: project } = findProject(directory);
    throw new DeploymentError({
      asked: 'nothing is running here',
      found: `no running deployment of the project ${project}`,
      todo: 'start one with `nxc start`',
    });
  }

  async list(directory?: string): Promise<Deployment[]> {
    return (await this.#survey(directory)).flatMap(({ deployments }) => deployments);
  }

  async unusable(directory?: string): Promise<UnusableRecord[]> {
    return (await this.#survey(directory)).flatMap(({ unusable }) => unusable);
  }

  async stop(deployment: Deployment, jobs: JobContext): Promise<void> {
    const running = this.#adopt(deployment.record, deployment);
    const { record } = running;
    record['x-nxc'].state = 'stopping';
    // A full disk must not keep anybody from stopping.
    await updateRecord(record).catch(() => {});
    const job = jobs.job(`stop ${deploymentName(running)}`);
    await this.#remove(running, jobs);
    await this.#forget(running);
    const { length } = running.nodes;
    job.finish(length === 1 ? '1 node is gone' : `${length} nodes are gone`);
  }

  async leftovers(): Promise<Leftover[]> {
    const all = await this.#everything();
    const records = await Promise.all(projectsOf(all).map(listRecords));
    const recorded = new Set(records.flatMap(of => of.records).map(record => record['x-nxc'].run));
    return all.filter(({ run }) => !recorded.has(run));
  }

  onChange(listener: (current: Deployment | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(options: { stopOwn?: boolean } = {}): Promise<void> {
    this.#listeners.clear();
    this.#closing.abort();
    await Promise.allSettled(this.#starting);
    const live = [...this.#live.values()];
    if (options.stopOwn) {
      const own = live.filter(({ record }) => this.#own.has(record['x-nxc'].run));
      const ends = await Promise.allSettled(own.map(deployment => this.stop(deployment, silent())));
      const failed = ends.find(end => end.status === 'rejected');
      if (failed) throw failed.reason;
    }
    await Promise.all([...this.#live.values()].map(deployment => deployment.close()));
    this.#live.clear();
    this.#currentOf.clear();
  }

  /** Takes the record's place on disk, after what a broken run may have left there is gone. */
  async #claim(record: DeploymentRecord, jobs: JobContext): Promise<void> {
    const { file } = record['x-nxc'];
    while (!(await createRecord(record))) {
      const occupant = await readPlace(file);
      if (!occupant) continue;
      const old = 'record' in occupant ? await this.#replaceable(occupant.record) : undefined;
      const claimed = await whileClaimed(file, occupant.run, async () => {
        if (old) {
          await old.close();
          await old.flavour.stop(old.record, jobs);
        }
        // A record of upstream's tool keeps none of what runs: ours takes its place, as upstream's would.
        await replaceRecord(record);
      });
      if (!claimed) throw beingStarted(record);
      if (old) await this.#forget(old);
      return;
    }
  }

  /** What has to go before its record is replaced: nothing when it is a copy. Refuses when it runs. */
  async #replaceable(record: DeploymentRecord): Promise<RunningDeployment | undefined> {
    let old: RunningDeployment;
    try {
      old = await this.#open(record);
    } catch (error) {
      if (error instanceof CopiedRecord) return undefined;
      throw error;
    }
    const { state, starter } = record['x-nxc'];
    if (state === 'starting' && mayBeAlive(starter)) throw beingStarted(record);
    if (await runs(old)) throw alreadyRunning(old);
    return old;
  }

  async #remove(deployment: RunningDeployment, jobs: JobContext): Promise<void> {
    await deployment.close();
    await deployment.flavour.stop(deployment.record, jobs);
    await removeRecord(deployment.record);
  }

  /** By project: one, or each that has something on this machine. */
  async #survey(directory: string | undefined): Promise<Survey[]> {
    const projects =
      directory === undefined ? projectsOf(await this.#everything()) : [projectOf(directory)].filter(isPath);
    return Promise.all(projects.map(project => this.#recorded(project)));
  }

  async #recorded(project: string): Promise<Survey> {
    const { records, broken } = await listRecords(project);
    const survey: Survey = {
      deployments: [],
      unusable: broken.map(error => ({ file: error.file, error, copied: false })),
    };
    for (const record of records) {
      try {
        survey.deployments.push(await this.#open(record));
      } catch (error) {
        if (!(error instanceof RecordError)) throw error;
        survey.unusable.push({ file: error.file, error, copied: error instanceof CopiedRecord });
      }
    }
    return survey;
  }

  async #open(record: DeploymentRecord): Promise<RunningDeployment> {
    const { run, flavour: name, file, project } = record['x-nxc'];
    const flavour = await loadFlavour(name);
    await checkBelonging(record, flavour);
    const live = this.#live.get(run);
    if (!live) return new RunningDeployment(record, flavour);
    Object.assign(live.record['x-nxc'], { file, project });
    return live;
  }

  #adopt(record: DeploymentRecord, deployment: Deployment): RunningDeployment {
    return this.#live.get(record['x-nxc'].run) ?? new RunningDeployment(record, deployment.flavour);
  }

  async #everything(): Promise<Leftover[]> {
    const flavours = await Promise.all(flavourNames().map(loadFlavour));
    return (await Promise.all(flavours.map(flavour => flavour.leftovers()))).flat();
  }

  #makeCurrent(deployment: RunningDeployment): void {
    const { run, project } = deployment.record['x-nxc'];
    this.#live.set(run, deployment);
    // Taken out first, so that the last of the map is the newest.
    this.#currentOf.delete(project);
    this.#currentOf.set(project, deployment);
    for (const listener of this.#listeners) listener(deployment);
  }

  async #forget(deployment: RunningDeployment): Promise<void> {
    const { run, project } = deployment.record['x-nxc'];
    await deployment.close();
    this.#live.delete(run);
    this.#own.delete(run);
    if (this.#currentOf.get(project)?.record['x-nxc'].run !== run) return;
    this.#currentOf.delete(project);
    for (const listener of this.#listeners) listener([...this.#currentOf.values()].at(-1));
  }
}

interface Survey {
  deployments: RunningDeployment[];
  unusable: UnusableRecord[];
}

function newRecord(
  build: Build,
  options: StartOptions,
  nodes: Array<{ name: string; role: string }>,
): DeploymentRecord {
  const { test_script } = build.info;
  return {
    deployment: Object.fromEntries(nodes.map(({ name, role }) => [name, { role }])),
    nodes: nodes.map(({ name }) => name),
    ...(typeof test_script === 'string' ? { test_script } : {}),
    ...(options.parameters ? { parameters: { ...options.parameters } } : {}),
    'x-nxc': {
      run: randomBytes(4).toString('hex'),
      composition: build.composition,
      flavour: build.flavour,
      project: options.directory,
      file: recordFile(options.directory, build.composition, build.flavour),
      owner: `${userInfo().username}@${hostname()}`,
      started: new Date().toISOString(),
      state: 'starting',
      starter: thisProcess(),
      ...(options.notebook ? { notebook: options.notebook } : {}),
      hash: build.hash,
      nodes: nodes.map(({ name, role }) => ({ name, role })),
      runtime: {},
    },
  };
}

/** The project that a folder belongs to. A broken nxc.json is told by commands that read it, not here. */
function projectOf(directory: string): string | undefined {
  try {
    return findProject(directory).directory;
  } catch (error) {
    if (error instanceof ProjectError) return undefined;
    throw error;
  }
}

const projectsOf = (leftovers: readonly Leftover[]): string[] => [
  ...new Set(leftovers.map(({ project }) => project).filter(isPath)),
];

const isPath = (path: string | undefined): path is string => path !== undefined;

/** A start that broke off is not running, whatever of it is still there. */
async function runs(deployment: RunningDeployment): Promise<boolean> {
  const { state, starter } = deployment.record['x-nxc'];
  if (state === 'starting' && !mayBeAlive(starter)) return false;
  return (await deployment.status()).some(node => node.state !== 'gone');
}

function beingStarted(record: DeploymentRecord): DeploymentError {
  return new DeploymentError({
    asked: `${deploymentName({ record })} is being started by someone else at this moment`,
    todo: 'wait, then look with `nxc status`',
  });
}

function alreadyRunning(deployment: Deployment): DeploymentError {
  const { run, started, owner } = deployment.record['x-nxc'];
  return new DeploymentError({
    asked: `${deploymentName(deployment)} is running already`,
    found: `run ${run} of ${owner}, started ${started}, ${deployment.nodes.length} nodes`,
    todo: 'use it as it is (`nxc status`), stop it with `nxc stop`, or start it anew with `nxc start --restart`',
  });
}

/** Jobs of a clean-up: nobody watches, and no interrupt stops it. */
const silent = (): JobContext => new JobBoard(new AbortController().signal);
