import { setTimeout as sleep } from 'node:timers/promises';
import { openProject } from '../../composition/project.js';
import { clip } from '../../display/width.js';
import { formatDuration } from '../../duration.js';
import { InterruptedError } from '../../errors.js';
import type { Job, JobContext } from '../../jobs/job.js';
import { sharedController } from '../../shared-signal.js';
import { TransportError } from '../../transports/errors.js';
import { withSymbols } from '../../visible.js';
import type { StartRequest } from '../flavour.js';
import type { Artifact } from './artifact.js';
import { endOfUnitLog, waitUntilBooted } from './boot.js';
import { composeUp } from './compose.js';
import { type Container, containerPath, endOf, inspectNode } from './containers.js';
import { type Engine, engineAt } from './engine/engine.js';
import { EngineError } from './engine/errors.js';
import { DockerError } from './errors.js';
import { type ContainerEvent, watchRun } from './events.js';
import { ofRun } from './labels.js';
import { lastLines } from './logs.js';
import type { DockerRuntime } from './runtime.js';
import { transport } from './transports.js';

/** Milliseconds in which every node must have booted, when nobody says otherwise. */
const patience = 300_000;

/** Milliseconds in which a container that the engine does not let anybody enter any more has ended, and between looks. */
const endingLimit = 2000;
const endingPause = 50;

export interface Start {
  request: StartRequest;
  runtime: DockerRuntime;
  artifact: Artifact;
  perNode: ReadonlyMap<string, Job>;
}

/**
 * Has compose create the containers, and looks after each node from the moment its container runs, while compose goes on with the
 * others. The first thing that goes wrong ends everything; compose has ended when this rejects.
 */
export async function bringUp(start: Start, jobs: JobContext): Promise<void> {
  const end = sharedController();
  const interrupt = () => end.abort(new InterruptedError());
  jobs.signal.addEventListener('abort', interrupt, { once: true });
  if (jobs.signal.aborted) interrupt();
  const limit = start.request.waitTimeoutMs ?? patience;
  const nodes = new StartingNodes(start, end, jobs);
  const timer = setTimeout(() => void nodes.lateness(limit).then(error => end.abort(error)), limit);
  try {
    await nodes.watch();
    await Promise.all([nodes.compose(), nodes.allBooted]);
  } catch (error) {
    end.abort(error);
    await nodes.composeEnded;
    throw await reasonOf(end.signal.reason, engineAt(start.runtime.socket));
  } finally {
    clearTimeout(timer);
    jobs.signal.removeEventListener('abort', interrupt);
    end.abort();
  }
}

class StartingNodes {
  readonly allBooted: Promise<void>;
  composeEnded: Promise<unknown> = Promise.resolve();
  readonly #engine: Engine;
  readonly #run: string;
  readonly #waiting: Set<string>;
  #done!: () => void;

  constructor(
    private readonly start: Start,
    private readonly end: AbortController,
    private readonly jobs: JobContext,
  ) {
    this.#engine = engineAt(start.runtime.socket);
    this.#run = start.request.record['x-nxc'].run;
    this.#waiting = new Set(start.perNode.keys());
    this.allBooted = new Promise((resolve, reject) => {
      this.#done = resolve;
      end.signal.addEventListener('abort', () => reject(end.signal.reason), { once: true });
    });
    this.allBooted.catch(() => {});
  }

  watch(): Promise<void> {
    return watchRun(this.#engine, this.#run, this.end.signal, event => this.#hear(event));
  }

  compose(): Promise<void> {
    const { socket, project: name } = this.start.runtime;
    const { composeFile: file, folder: cwd } = this.start.artifact;
    const project = openProject(this.start.request.record['x-nxc'].project);
    const up = composeUp({ project, socket, name, file, cwd }, this.jobs, this.end.signal);
    this.composeEnded = up.catch(() => {});
    return up;
  }

  async lateness(limit: number): Promise<DockerError> {
    const late = [...this.#waiting];
    const log = await this.#endOfLog(late[0]!);
    return new DockerError({
      asked: `after ${formatDuration(limit)} these nodes have not booted: ${late.join(', ')}`,
      found: [
        `${this.start.perNode.size - late.length} of ${this.start.perNode.size} have`,
        ...(log.length > 0 ? [`the end of the log of ${late[0]}:`, ...log] : []),
      ].join('\n'),
      todo: 'give them more time with --wait-timeout',
    });
  }

  #hear({ kind, node, status }: ContainerEvent): void {
    const job = this.start.perNode.get(node);
    if (kind === 'create') job?.step('created');
    else if (kind === 'start') {
      job?.step('booting');
      void this.#boot(node).catch(async error => this.end.abort(await this.#reason(node, error)));
    } else void this.#death(node, status).then(error => this.end.abort(error));
  }

  async #boot(node: string): Promise<void> {
    const { request, runtime, perNode } = this.start;
    const nixos = runtime.nixos.includes(node);
    const failed = await waitUntilBooted(transport(request.record, node), nixos, this.end.signal);
    for (const unit of failed) {
      const log = await endOfUnitLog(transport(request.record, node), unit).catch(() => []);
      const lines = log.map(line => `  ${clip(withSymbols(line), 500)}`);
      this.jobs.warn([`${unit} failed on ${node}; the end of its log:`, ...lines].join('\n'));
    }
    perNode.get(node)?.finish('running');
    this.#waiting.delete(node);
    if (this.#waiting.size === 0) this.#done();
  }

  /** A node that cannot be reached because its container has ended, or is just ending: then the engine refuses to enter it. */
  async #reason(node: string, error: unknown): Promise<unknown> {
    const refused = error instanceof EngineError && !error.unreachable;
    if (!(error instanceof TransportError || refused)) return error;
    for (const end = Date.now() + endingLimit; ; await sleep(endingPause)) {
      const container = await this.#inspect(node);
      if (container?.State.Status === 'exited') return this.#death(node);
      if (!refused || Date.now() > end) return error;
    }
  }

  #inspect(node: string): Promise<Container | undefined> {
    return inspectNode(this.#engine, ofRun(this.#run), node).catch(() => undefined);
  }

  async #endOfLog(node: string): Promise<string[]> {
    const container = await this.#inspect(node);
    const log = container && (await lastLines(this.#engine, containerPath(container.Id)).catch(() => []));
    return (log ?? []).map(line => `  ${clip(withSymbols(line), 500)}`);
  }

  async #death(node: string, status = '?'): Promise<DockerError> {
    const container = await this.#inspect(node);
    const log = await this.#endOfLog(node);
    return new DockerError({
      asked: `the container of node ${node} ended as soon as it was started`,
      found: [
        container ? endOf(container) : `status ${status}`,
        ...(log.length > 0 ? ['the end of its log:', ...log] : ['it logged nothing']),
      ].join('\n'),
      todo: 'see what the init of its role does',
    });
  }
}

/** When the engine is gone, that is the reason, whatever was said first. */
async function reasonOf(error: unknown, engine: Engine): Promise<unknown> {
  if (error instanceof InterruptedError) return error;
  try {
    await engine.get('/version', { timeoutMs: 2000 });
    return error;
  } catch (reason) {
    return reason instanceof EngineError && reason.unreachable ? reason : error;
  }
}
