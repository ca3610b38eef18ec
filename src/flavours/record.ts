import type { BuildSetup } from '../composition/types.js';
import type { ProcessId } from '../process/proc.js';

/** The process that started a deployment, and the machine it is (and its nodes are) on. */
export interface Starter extends ProcessId {
  host: string;
  /** Of a kernel: who started that. It ends when this one is gone. */
  parent?: ProcessId;
}

/**
 * deploy/<composition>::<flavour>.json: the keys of upstream (its actions.py) plus ours under `x-nxc`.
 * This is the only memory of a deployment: a restarted kernel adopts what it describes.
 */
export interface DeploymentRecord {
  /** Upstream's key: host → {role, …}. */
  deployment: Record<string, { role: string; [key: string]: unknown }>;
  nodes?: string[];
  test_script?: string;
  parameters?: Record<string, unknown>;
  'x-nxc': OurRecord;
  [upstreamKey: string]: unknown;
}

export interface OurRecord {
  /** Unique to this start: 8 hexadecimal digits. */
  run: string;
  composition: string;
  flavour: string;
  /** Absolute path of the project: whoever reads a record puts in where it was found. */
  project: string;
  /** Absolute path of this file, likewise. */
  file: string;
  /** `user@host` that started it. */
  owner: string;
  /** ISO 8601. */
  started: string;
  /** starting: not all nodes are up yet (or the starter died). */
  state: 'starting' | 'running' | 'stopping';
  /** When it is dead and the state still `starting`, the start broke off. */
  starter: Starter;
  /** Absolute path of the project before it was moved while the deployment ran. */
  movedFrom?: string;
  notebook?: string;
  /** Who stops it at the end of its work: a kernel, also one that was started again; nobody where it is to stay. */
  keeper?: string;
  hash: string;
  /** Of the build, when setup.toml had a part in it. */
  setup?: BuildSetup;
  nodes: Array<{ name: string; role: string; address?: string }>;
  /** What the flavour needs to find its nodes again: pids with their start times, folders, project name, ports. JSON. */
  runtime: Record<string, unknown>;
}
