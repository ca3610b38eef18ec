/**
 * Ways to run a composition: what each of them is asked for (here), which there are (registry.ts), what they leave on disk
 * (record.ts), and a folder for each.
 */
import type { Build, BuildRequest, Node } from '../composition/types.js';
import type { JobContext } from '../jobs/job.js';
import type { Transport } from '../transports/transport.js';
import type { DeploymentRecord } from './record.js';

export interface Requirement {
  name: string;
  ok: boolean;
  /** What was found (version, path) when ok; how to get it when not. */
  detail: string;
  /** Without it the flavour does not work at all; otherwise it works with less. */
  needed: boolean;
}

export interface NodeStatus {
  name: string;
  role: string;
  address?: string;
  /** off: ended on purpose, and can be started again; gone: ended by itself. */
  state: 'running' | 'starting' | 'degraded' | 'paused' | 'off' | 'gone';
  /** A few words: `2 units failed: web.service`. */
  detail?: string;
  /** Seconds since the node started. */
  uptime?: number;
}

/** Something of ours that runs or lies about with no deployment that knows it. */
export interface Leftover {
  flavour: string;
  run: string;
  what: string;
  /** Absolute path of the project it came from, when known. */
  project?: string;
  /** Whether processes, containers or machines of it are alive. */
  readonly running: boolean;
  /** The project lies elsewhere by now. */
  moveTo(project: string): Promise<void>;
  remove(): Promise<void>;
}

export interface StartRequest {
  build: Build;
  nodes: readonly Node[];
  /** The record in state `starting`, already on disk. The flavour fills `runtime`, nodes' addresses and upstream's keys. */
  record: DeploymentRecord;
  /** Writes the record as it stands, atomically; call it as soon as there is something to clean up. */
  save(): Promise<void>;
  /** Milliseconds in which every node must have booted; the flavour's own limit when absent. */
  waitTimeoutMs?: number;
}

export interface LogLine {
  node: string;
  /** For what was written outside of units, the name that its writer gave itself. */
  unit: string;
  /** ISO 8601 with milliseconds, when known. */
  time?: string;
  text: string;
}

export interface LogRequest {
  unit?: string;
  /** Last lines of each unit; all when absent. */
  lines?: number;
  follow?: boolean;
  signal?: AbortSignal;
}

/** What can be done to one node of a running deployment while the others go on. Each resolves when it is so, and may be repeated. */
export interface NodeControl {
  /** Boots a node that is off; resolves when it answers and its units were started: false when it ran already. */
  start(node: string, signal: AbortSignal): Promise<boolean>;
  /** Ends it in order: its units are stopped first. */
  shutdown(node: string, signal: AbortSignal): Promise<void>;
  /** Ends it at once, as a power cut does; what it had not yet written is lost. */
  crash(node: string): Promise<void>;
  /** Freezes every process of it, until `resume`. */
  pause(node: string): Promise<void>;
  resume(node: string): Promise<void>;
}

/** A way to run compositions. A new one is a folder beside this file and a line in registry.ts. */
export interface Flavour {
  readonly name: string;
  readonly description: string;
  /** A start of more is refused before anything of it exists, or is stopped for it. */
  readonly mostNodes: number;
  requirements(): Promise<Requirement[]>;
  build(request: BuildRequest, jobs: JobContext): Promise<Build>;
  /** Resolves when every node answers and its units were started; on failure or abort nothing is left behind. */
  start(request: StartRequest, jobs: JobContext): Promise<void>;
  status(record: DeploymentRecord): Promise<NodeStatus[]>;
  /** The same object for the same node until it is closed. */
  transport(record: DeploymentRecord, node: string): Transport;
  logs(record: DeploymentRecord, node: string, request: LogRequest): AsyncIterable<LogLine>;
  /** Names of a node's units; absent where only the node itself knows them. */
  units?(record: DeploymentRecord, node: string): readonly string[];
  /** Absent where nodes start and stop only together. */
  control?(record: DeploymentRecord): NodeControl;
  /**
   * Of nodes that were booted again: waits until units that cannot work have ended, as a start of all nodes does, and warns of those
   * that failed. Absent where a node says so when it has booted.
   */
  settle?(record: DeploymentRecord, nodes: readonly Node[], jobs: JobContext): Promise<void>;
  /** argv before a program of this machine (ip, tc) that shall act on that node's network; absent where none can. */
  inNetwork?(record: DeploymentRecord, node: string): readonly string[];
  /**
   * Of a deployment that upstream's tool started: fills `runtime`, `started` and the nodes' addresses in the record made for it;
   * false when nothing of it runs on this machine. Absent where upstream leaves nothing that it could be known by.
   */
  adopt?(record: DeploymentRecord): Promise<boolean>;
  /** Idempotent; resolves when everything is gone. */
  stop(record: DeploymentRecord, jobs: JobContext): Promise<void>;
  /** Runs of this owner that exist on this machine, whether or not a record knows them. */
  leftovers(): Promise<Leftover[]>;
}
