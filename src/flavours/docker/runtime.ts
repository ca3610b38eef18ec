import type { DeploymentRecord } from '../record.js';
import { type Engine, engineAt } from './engine/engine.js';
import { engineSocket } from './engine/socket.js';

/** What a record of this flavour keeps under `x-nxc.runtime`. */
export interface DockerRuntime {
  /** Absolute path of the engine's socket: DOCKER_HOST may be another one by the time of a stop. */
  socket: string;
  /** Name of the compose project. */
  project: string;
  /** Nodes whose init is systemd. */
  nixos: string[];
  /** Container ids by node, once started; a restart keeps them. */
  containers: Record<string, string>;
  /** Of a deployment that upstream's tool started. */
  adopted?: {
    /** Absolute path of the folder of its compose file. */
    folder: string;
  };
}

export function runtimeOf(record: DeploymentRecord): DockerRuntime {
  return {
    socket: '',
    project: '',
    nixos: [],
    containers: {},
    ...(record['x-nxc'].runtime as Partial<DockerRuntime>),
  };
}

/** The engine that a deployment runs on; before it runs anywhere, the one that this user means. */
export const engineOf = (record: DeploymentRecord): Engine =>
  engineAt(runtimeOf(record).socket || engineSocket());
