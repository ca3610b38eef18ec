import type { Build, BuildRequest, Node, RolesDistribution } from '../composition/types.js';
import type { NxcError } from '../errors.js';
import type { Flavour, Leftover, LogLine, LogRequest, NodeStatus } from '../flavours/flavour.js';
import type { DeploymentRecord } from '../flavours/record.js';
import type { JobContext } from '../jobs/job.js';
import type { Transport } from '../transports/transport.js';

export interface StartOptions {
  /** Absolute path of the project whose deploy/ holds the record. */
  directory: string;
  /** From -r, a roles file or the caller; wins over the composition's own rolesDistribution. */
  distribution?: RolesDistribution;
  parameters?: Readonly<Record<string, unknown>>;
  notebook?: string;
  /** Stays when this process closes its manager with `stopOwn`. */
  keep?: boolean;
  /** Milliseconds in which every node must have booted; the flavour's own limit when absent. */
  waitTimeoutMs?: number;
}

/** One running (or recorded) deployment. Made by the manager, never by hand. */
export interface Deployment {
  readonly record: DeploymentRecord;
  readonly flavour: Flavour;
  readonly nodes: readonly Node[];
  /** Python source of the composition's testScript, read through the record's `test_script`. */
  testScript(): Promise<string | undefined>;
  /** Whoever started it died before all of it was up: it can only be stopped, or started anew. */
  readonly brokeOff: boolean;
  /** Whoever started it is still at it. */
  readonly starting: boolean;
  /** It runs, but whoever looks after it is about to end, and to stop it or leave it. */
  readonly leaving: boolean;
  /** Somebody is stopping it, or was when they died. */
  readonly stopping: boolean;
  transport(node: string): Transport;
  status(): Promise<NodeStatus[]>;
  /** One whose start broke off is not running, nor is what was to stop, whatever of it is still there. */
  isRunning(): Promise<boolean>;
  logs(node: string, request: LogRequest): AsyncIterable<LogLine>;
}

/** What a deployment is called: `composition::docker`. */
export const deploymentName = ({ record }: Pick<Deployment, 'record'>): string =>
  `${record['x-nxc'].composition}::${record['x-nxc'].flavour}`;

/** A record in deploy/ through which nothing can be done from here. */
export interface UnusableRecord {
  /** Absolute path. */
  file: string;
  /** Why, and what to do. */
  error: NxcError;
  /** It came with a copy of a project: what it tells of is another project's. */
  copied: boolean;
}

/** What there is of deployments on this machine, and the only way to start or stop one. */
export interface DeploymentManager {
  /** Finds the flavour by option, nxc.json or default (`local`), and builds. */
  build(request: BuildRequest & { flavour?: string }, jobs: JobContext): Promise<Build>;
  /** PlaceTaken when it runs already, or somebody else starts it. */
  start(build: Build, options: StartOptions, jobs: JobContext): Promise<Deployment>;
  /**
   * Makes one that runs the current one of this process, in place of starting it. Of the same notebook this process looks after it
   * from now on, as if it had started it; with `keep` nobody stops it at the end of his work.
   */
  use(deployment: Deployment, options: Pick<StartOptions, 'notebook' | 'keep'>): Promise<Deployment>;
  /**
   * The deployment that cells and commands in this folder mean: of its project the one last started by this process,
   * else the newest running one (adopted). In a folder of no project: the one last used by this process.
   */
  current(directory: string): Promise<Deployment | undefined>;
  /** Like `current`, but an error that says how to start one. */
  require(directory: string): Promise<Deployment>;
  /** Makes another one that runs in this project the current one of this process. */
  choose(directory: string, name: string): Promise<Deployment>;
  /** What ran before this process: of the folder's project, and elsewhere what an earlier process of the same keeper or notebook started. */
  runningBefore(directory: string, notebook?: string): Promise<Deployment[]>;
  /** That run, which was current once; an error when it is over. */
  requireRun(run: string): Promise<Deployment>;
  /** Of a project, or all of this machine; without the unusable records. */
  list(directory?: string): Promise<Deployment[]>;
  unusable(directory?: string): Promise<UnusableRecord[]>;
  stop(deployment: Deployment, jobs: JobContext): Promise<void>;
  leftovers(): Promise<Leftover[]>;
  /** Called when the current deployment of this process changes (started, adopted, stopped). Returns the unsubscriber. */
  onChange(listener: (current: Deployment | undefined) => void): () => void;
  /** Ends the starts that are on their way and closes transports; with `stopOwn`, stops what has the same keeper first. */
  close(options?: { stopOwn?: boolean }): Promise<void>;
}
