/**
 * The deployment manager: starts, finds again and stops deployments. What it knows it reads from the records in
 * deploy/ and from the flavours, so that any process may go on where another one ended.
 */

import { ProjectError } from '../composition/errors.js';
import { flavourCatalogue } from '../composition/flavour-catalogue.js';
import { findProject } from '../composition/project.js';
import type { Build, BuildRequest } from '../composition/types.js';
import { InterruptedError } from '../errors.js';
import type { Leftover } from '../flavours/flavour.js';
import type { DeploymentRecord } from '../flavours/record.js';
import { flavourNames, loadFlavour } from '../flavours/registry.js';
import { projectsOfRuns } from '../flavours/run-folder.js';
import { JobBoard } from '../jobs/board.js';
import type { JobContext } from '../jobs/job.js';
import { endSampler, ensureSampler } from '../metrics/sampler-process.js';
import { Store } from '../metrics/store/store.js';
import { isAlive } from '../process/proc.js';
import { randomHex } from '../random-hex.js';
import { anyOf, sharedController } from '../shared-signal.js';
import { nearest } from '../suggest.js';
import { checkBelonging } from './belonging.js';
import { checkPlace } from './build-place.js';
import { chooseFlavour } from './choose-flavour.js';
import { removeRecord } from './claim.js';
import {
  type Deployment,
  type DeploymentManager,
  deploymentName,
  type StartOptions,
  type UnusableRecord,
} from './deployment.js';
import { DeploymentError, RecordError } from './errors.js';
import { newRecord } from './new-record.js';
import { nodesOfStart } from './nodes-of-start.js';
import { nothingRuns } from './nothing-runs.js';
import { isRecorded, updateRecord } from './record-store.js';
import { RunningDeployment } from './running.js';
import { thisProcess } from './starter.js';
import { strayMeasuring } from './stray-measuring.js';
import { knownProjects, type Survey, survey, unrecordedRuns } from './survey.js';
import { takePlace } from './take-place.js';

/**
 * `keeper` identifies who stops what it started, also when another process of his goes on; by default this manager alone. `parent`
 * is the process without which this one ends.
 */
export const createManager = (keeper: string = randomHex(16), parent?: number): DeploymentManager =>
  new Manager(keeper, parent);

class Manager implements DeploymentManager {
  /** By run. */
  readonly #live = new Map<string, RunningDeployment>();
  /** By project, the newest last. */
  readonly #currentOf = new Map<string, RunningDeployment>();
  readonly #listeners = new Set<(current: Deployment | undefined) => void>();
  /** Starts on their way. */
  readonly #starting = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();

  constructor(
    private readonly keeper: string,
    private readonly parent?: number,
  ) {}

  async build(request: BuildRequest & { flavour?: string }, jobs: JobContext): Promise<Build> {
    const { flavour: asked, ...rest } = request;
    const name = await chooseFlavour(request.project, {
      ...(asked === undefined ? {} : { asked }),
      ...(request.setup === undefined ? {} : { setup: request.setup }),
    });
    // What upstream's tool alone can start, Nix can build all the same.
    if (!flavourNames().includes(name) && Object.hasOwn(flavourCatalogue, name)) {
      return (await import('../composition/nix-build.js')).buildWithNix(name, rest, jobs);
    }
    return (await loadFlavour(name)).build(rest, jobs);
  }

  async start(build: Build, options: StartOptions, jobs: JobContext): Promise<Deployment> {
    const start = this.#start(build, options, {
      job: (name, of) => jobs.job(name, of),
      warn: message => jobs.warn(message),
      signal: anyOf(jobs.signal, this.#closing.signal),
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
    checkPlace(build, options.directory);
    const nodes = await nodesOfStart(build, options.distribution);
    const record = newRecord(build, options, nodes, this.keeper, thisProcess(this.parent));
    if (jobs.signal.aborted) throw new InterruptedError('the start was interrupted');
    const replaced = await takePlace(record, found => this.#open(found), jobs);
    if (replaced) {
      await endSampler(replaced.record);
      new Store(replaced.record).remove();
      await this.#forget(replaced);
    }
    const deployment = new RunningDeployment(record, flavour);
    try {
      const { waitTimeoutMs } = options;
      const limit = waitTimeoutMs === undefined ? {} : { waitTimeoutMs };
      await flavour.start({ build, nodes, record, save: () => updateRecord(record), ...limit }, jobs);
      record['x-nxc'].state = 'running';
      await updateRecord(record);
      if (jobs.signal.aborted) throw new InterruptedError('the start was interrupted');
    } catch (error) {
      const removed = this.#end(deployment, silent()).then(() => removeRecord(record));
      await removed.catch(async (reason: Error) => {
        jobs.warn(
          `what the failed start left could not be removed (\`nxc stop\` tries again): ${reason.message}`,
        );
        // Neither does it run nor is it being started: this process, which may live on, has given it up.
        record['x-nxc'].state = 'stopping';
        await updateRecord(record).catch(() => {});
      });
      throw error;
    }
    ensureSampler(record);
    this.#makeCurrent(deployment);
    return deployment;
  }

  async use(
    deployment: Deployment,
    { notebook, keep }: Pick<StartOptions, 'notebook' | 'keep'>,
  ): Promise<Deployment> {
    const running = this.#adopt(deployment.record, deployment);
    const ours = running.record['x-nxc'];
    // While the kernel that started it lives, it is that one's, though it may be of the same notebook.
    const orphaned = !isAlive(ours.starter) && notebook !== undefined && ours.notebook === notebook;
    const before = ours.keeper;
    if (keep) delete ours.keeper;
    else if (before === this.keeper || (before !== undefined && orphaned))
      Object.assign(ours, { keeper: this.keeper, starter: thisProcess(this.parent) });
    if (before !== undefined) await updateRecord(running.record);
    this.#makeCurrent(running);
    return running;
  }

  async current(directory: string): Promise<Deployment | undefined> {
    const project = projectOf(directory);
    // Outside of any project people mean what they worked with last.
    const known = project === undefined ? [...this.#currentOf.values()].at(-1) : this.#currentOf.get(project);
    if (known) {
      if (await this.#lives(known)) return known;
      await this.#forget(known);
    }
    if (project === undefined) return undefined;
    for (const deployment of (await this.#survey(project)).deployments) {
      if (!(await deployment.isRunning())) continue;
      this.#makeCurrent(deployment);
      return deployment;
    }
    return undefined;
  }

  async require(directory: string): Promise<Deployment> {
    const current = await this.current(directory);
    if (current) return current;
    const { directory: project } = findProject(directory);
    throw nothingRuns(project, await this.list(project));
  }

  async choose(directory: string, name: string): Promise<Deployment> {
    const { directory: project } = findProject(directory);
    const running: RunningDeployment[] = [];
    for (const one of (await this.#survey(project)).deployments) if (await one.isRunning()) running.push(one);
    const chosen = running.find(one => deploymentName(one) === name);
    if (!chosen) {
      const names = running.map(deploymentName);
      throw new DeploymentError({
        asked: `no deployment ${name} runs here`,
        nearest: nearest(name, names),
        found: names.length > 0 ? `running: ${names.join(', ')}` : `nothing of ${project} is running`,
      });
    }
    this.#makeCurrent(chosen);
    return chosen;
  }

  async runningBefore(directory: string, notebook?: string): Promise<Deployment[]> {
    const here = projectsOf(directory);
    const { deployments } = await survey([...new Set([...here, ...projectsOfRuns()])], record =>
      this.#open(record),
    );
    const found: Deployment[] = [];
    for (const one of deployments) {
      const { project, keeper, notebook: startedBy } = one.record['x-nxc'];
      const ours = keeper === this.keeper || (notebook !== undefined && startedBy === notebook);
      if ((ours || here.includes(project)) && (await one.isRunning())) found.push(one);
    }
    return found;
  }

  async requireRun(run: string): Promise<Deployment> {
    const known = this.#live.get(run);
    if (known && (await this.#lives(known))) return known;
    if (known) await this.#forget(known);
    throw new DeploymentError({
      asked: 'this machine is of a deployment that was stopped',
      found: `run ${run} is over`,
      todo: 'take the machine of what runs now by its name, or from `nodes`',
    });
  }

  async list(directory?: string): Promise<Deployment[]> {
    const { deployments } = await this.#survey(directory);
    const unrecorded = await this.#unrecorded();
    return [
      ...deployments,
      ...unrecorded.filter(({ record }) => [undefined, record['x-nxc'].project].includes(directory)),
    ];
  }

  async unusable(directory?: string): Promise<UnusableRecord[]> {
    return (await this.#survey(directory)).unusable;
  }

  async stop(deployment: Deployment, jobs: JobContext): Promise<void> {
    const running = this.#adopt(deployment.record, deployment);
    const { record } = running;
    record['x-nxc'].state = 'stopping';
    // A full disk must not keep anybody from stopping.
    await updateRecord(record).catch(() => {});
    const job = jobs.job(`stop ${deploymentName(running)}`);
    await this.#end(running, jobs);
    await removeRecord(record).catch(error => jobs.warn(recordIsLeft(error)));
    // Whoever has read what was measured goes on showing it.
    new Store(record).remove();
    await this.#forget(running);
    const { length } = running.nodes;
    job.finish(length === 1 ? '1 node is gone' : `${length} nodes are gone`);
  }

  async leftovers(): Promise<Leftover[]> {
    const [runs, known] = await Promise.all([unrecordedRuns(), this.#unrecorded()]);
    const unknown = runs.filter(({ run }) => !known.some(({ record }) => record['x-nxc'].run === run));
    return [...unknown, ...(await strayMeasuring())];
  }

  onChange(listener: (current: Deployment | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(options: { stopOwn?: boolean } = {}): Promise<void> {
    this.#listeners.clear();
    this.#closing.abort();
    await Promise.allSettled(this.#starting);
    if (options.stopOwn) {
      const own = await this.#own();
      const ends = await Promise.allSettled(own.map(deployment => this.stop(deployment, silent())));
      const failed = ends.find(end => end.status === 'rejected');
      if (failed) throw failed.reason;
    }
    await Promise.all([...this.#live.values()].map(deployment => deployment.close()));
    this.#live.clear();
    this.#currentOf.clear();
  }

  /** Those of the same keeper: what this process works with, and what an earlier one of his started. */
  async #own(): Promise<RunningDeployment[]> {
    const { deployments } = await this.#survey(undefined).catch(() => ({ deployments: [] }));
    const all = new Set([...this.#live.values(), ...deployments]);
    return [...all].filter(({ record }) => record['x-nxc'].keeper === this.keeper);
  }

  async #end(deployment: RunningDeployment, jobs: JobContext): Promise<void> {
    await deployment.close();
    await endSampler(deployment.record);
    await deployment.flavour.stop(deployment.record, jobs);
  }

  /** Who stops a deployment removes its record last: where that went with the project's folder, the nodes are still there. */
  async #lives(deployment: RunningDeployment): Promise<boolean> {
    return (await isRecorded(deployment.record)) || deployment.isRunning();
  }

  /** What this process works with and no record tells of any more. */
  async #unrecorded(): Promise<RunningDeployment[]> {
    const found: RunningDeployment[] = [];
    for (const live of this.#live.values())
      if (!(await isRecorded(live.record)) && (await live.isRunning())) found.push(live);
    return found;
  }

  /** Of the project of a folder, or of every one that has something on this machine. */
  async #survey(directory: string | undefined): Promise<Survey> {
    return survey(directory === undefined ? await knownProjects() : projectsOf(directory), record =>
      this.#open(record),
    );
  }

  async #open(record: DeploymentRecord): Promise<RunningDeployment> {
    const { run, flavour: name, file, project } = record['x-nxc'];
    const flavour = await loadFlavour(name);
    const movedFrom = await checkBelonging(record, flavour);
    if (movedFrom !== undefined) {
      record['x-nxc'].movedFrom = movedFrom;
      await updateRecord(record);
    }
    const live = this.#live.get(run);
    if (!live) return new RunningDeployment(record, flavour);
    Object.assign(live.record['x-nxc'], { file, project });
    return live;
  }

  #adopt(record: DeploymentRecord, deployment: Deployment): RunningDeployment {
    return this.#live.get(record['x-nxc'].run) ?? new RunningDeployment(record, deployment.flavour);
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
    const { run } = deployment.record['x-nxc'];
    await deployment.close();
    this.#live.delete(run);
    // Not by the record's project: that may have moved since.
    const [project] = [...this.#currentOf].find(([, { record }]) => record['x-nxc'].run === run) ?? [];
    if (project === undefined) return;
    this.#currentOf.delete(project);
    for (const listener of this.#listeners) listener([...this.#currentOf.values()].at(-1));
  }
}

/** Somebody else wrote into the record of what was stopped: nothing is to be learnt from it any more. */
function recordIsLeft(error: unknown): string {
  if (!(error instanceof RecordError)) throw error;
  const { asked, found } = error.parts;
  return `${[asked, found].filter(Boolean).join(': ')}; what it told of is gone, so remove the file (or \`nxc clean --force\`)`;
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

const projectsOf = (directory: string): string[] => {
  const project = projectOf(directory);
  return project === undefined ? [] : [project];
};

/** Jobs of a clean-up: nobody watches, and no interrupt stops it. */
const silent = (): JobContext => new JobBoard(sharedController().signal);
