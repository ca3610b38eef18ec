import type { Engine } from './engine/engine.js';
import { composeLabels, type Labelled } from './labels.js';

/** An entry of `GET /containers/json`. */
export interface ContainerEntry {
  Id: string;
  Labels: Record<string, string>;
  State: string;
}

/** What we read of `GET /containers/{id}/json`. */
export interface Container {
  Id: string;
  State: {
    Status: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
    Pid: number;
    ExitCode: number;
    OOMKilled: boolean;
    Error: string;
    /** ISO 8601. */
    StartedAt: string;
  };
  Config: { Tty: boolean; Cmd: string[] | null; Labels: Record<string, string> };
  NetworkSettings: {
    Networks: Record<string, { IPAddress: string }>;
    Ports: Record<string, Array<{ HostIp: string; HostPort: string }> | null>;
  };
}

/** Compose v1 and v2 would choose different ones. */
export const containerName = (project: string, node: string): string => `${project}-${node}`;

export const containerPath = (id: string): string => `/containers/${encodeURIComponent(id)}`;

/** Container ids by node. */
export async function containersOf(engine: Engine, which: Labelled): Promise<Map<string, string>> {
  const found = await engine.get<ContainerEntry[]>('/containers/json', {
    query: { all: true, ...which },
  });
  return new Map(found.map(({ Id, Labels }) => [Labels[composeLabels.service] ?? '', Id]));
}

/** Undefined when there is none (any more). */
export async function inspectNode(
  engine: Engine,
  which: Labelled,
  node: string,
): Promise<Container | undefined> {
  const id = (await containersOf(engine, which)).get(node);
  return id === undefined ? undefined : engine.find<Container>(`${containerPath(id)}/json`);
}

/** All containers by node. */
export async function inspectAll(engine: Engine, which: Labelled): Promise<Map<string, Container>> {
  const ids = await containersOf(engine, which);
  const found = await Promise.all(
    [...ids].map(
      async ([node, id]) => [node, await engine.find<Container>(`${containerPath(id)}/json`)] as const,
    ),
  );
  return new Map(found.filter((entry): entry is [string, Container] => entry[1] !== undefined));
}

export const addressOf = ({ NetworkSettings: { Networks } }: Container): string | undefined =>
  Object.values(Networks)
    .map(({ IPAddress }) => IPAddress)
    .find(Boolean);

/** In words: `exited with status 3`. */
export function endOf({ State: { Status, ExitCode, OOMKilled, Error: fault } }: Container): string {
  if (OOMKilled) return 'killed: out of memory';
  if (fault) return fault;
  return Status === 'exited' ? `exited with status ${ExitCode}` : Status;
}
