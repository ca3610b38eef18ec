import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { currentUser } from '../../process/user.js';
import type { DeploymentRecord } from '../record.js';
import { type Container, containerPath, inspectAll } from './containers.js';
import { type Engine, engineAt } from './engine/engine.js';
import { EngineError } from './engine/errors.js';
import { engineSocket } from './engine/socket.js';
import { DockerError } from './errors.js';
import { composeLabels, ofDeployment } from './labels.js';
import { noteContainers } from './note-containers.js';
import { RunFolder, sharedFolder } from './run-folder.js';
import type { DockerRuntime } from './runtime.js';

/**
 * Takes over what upstream's tool started. Its containers are known by the folder of their compose file, and what they and this
 * machine must both see goes to the one folder that both see.
 */
export async function adopt(record: DeploymentRecord): Promise<boolean> {
  const composeFile = record['docker-compose-file'];
  if (typeof composeFile !== 'string') return false;
  const { run, project, nodes } = record['x-nxc'];
  const names = nodes.map(({ name }) => name);
  const runtime: DockerRuntime = {
    socket: engineSocket(),
    project: '',
    // Upstream builds nothing else for docker.
    nixos: names,
    containers: {},
    adopted: { folder: dirname(composeFile) },
  };
  record['x-nxc'].runtime = { ...runtime };
  const engine = engineAt(runtime.socket);
  const found = await inspectAll(engine, ofDeployment(record)).catch(whenUnreachable);
  const running = [...found.values()].find(({ State: { Status } }) => Status === 'running');
  if (!running) return false;
  runtime.project = running.Config.Labels[composeLabels.project] ?? '';
  record['x-nxc'].runtime = { ...runtime };
  record['x-nxc'].started = new Date(running.State.StartedAt).toISOString();
  noteContainers(record, found);
  await makeShared(engine, running, sharedFolder(run));
  new RunFolder(run).prepareAt(sharedFolder(run), names);
  new RunFolder(run).belongTo(project);
  return true;
}

/** Without an engine nothing runs. */
function whenUnreachable(error: unknown): Map<string, Container> {
  if (error instanceof EngineError && error.unreachable) return new Map();
  throw error;
}

/** Its parent is root's, whom docker made it as; so the container's root makes it, and gives it to this user. */
async function makeShared(engine: Engine, { Id }: Container, path: string): Promise<void> {
  const command = `mkdir -m 700 ${path} && chown ${currentUser().uid} ${path}`;
  const exec = await engine.post<{ Id: string }>(`${containerPath(Id)}/exec`, {
    body: { User: '0', AttachStdout: true, AttachStderr: true, Tty: true, Cmd: ['/bin/sh', '-c', command] },
  });
  const answer = await engine.stream('POST', `/exec/${exec.Id}/start`, {
    body: { Detach: false, Tty: true },
  });
  const said = (await text(answer)).trim();
  const { ExitCode } = await engine.get<{ ExitCode: number }>(`/exec/${exec.Id}/json`);
  if (ExitCode === 0) return;
  throw new DockerError({
    asked: `what upstream's tool started cannot be reached: no folder ${path} can be made in its containers`,
    found: said,
  });
}

/** Removes what is in the folder of an adopted deployment, and the folder where its parent allows it. */
export function removeContents(path: string): void {
  try {
    for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true, force: true });
    rmdirSync(path);
  } catch (error) {
    if (!['ENOENT', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
