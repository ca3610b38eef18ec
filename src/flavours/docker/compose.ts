import { execa } from 'execa';
import { findTool, ToolMissing } from '../../composition/tools.js';
import type { Project } from '../../composition/types.js';
import { InterruptedError } from '../../errors.js';
import type { JobContext } from '../../jobs/job.js';
import { DockerError } from './errors.js';

/** Milliseconds between asking compose to end and ending it. */
const grace = 1000;

/** argv of compose: the docker program's plugin (v2), else the program of its own (v1.29). */
export async function findCompose(): Promise<{ argv: readonly string[]; version: string } | undefined> {
  for (const argv of [['docker', 'compose'], ['docker-compose']]) {
    const [program, ...words] = argv;
    const { failed, stdout } = await execa(program!, [...words, 'version', '--short'], { reject: false });
    if (!failed && stdout) return { argv, version: stdout.trim() };
  }
  return undefined;
}

export const howToGetCompose =
  "install Docker's compose plugin (package docker-compose-plugin or docker-compose-v2), or docker-compose 1.29";

export interface ComposeCall {
  /** Where the flake may offer compose, when this machine has none. */
  project: Project;
  socket: string;
  /** Compose's name of the deployment. */
  name: string;
  /** Absolute path of the compose file. */
  file: string;
  /** Absolute path of a folder without a `.env`, which compose would read. */
  cwd: string;
  /** Only these services, and no others that they would need; default all. */
  services?: readonly string[];
}

/** Creates and starts what the file says. Rejects with what compose said. */
export async function composeUp(
  { project, socket, name, file, cwd, services = [] }: ComposeCall,
  jobs: JobContext,
  signal: AbortSignal,
): Promise<void> {
  const argv = (await findCompose())?.argv ?? (await composeOfFlake(project, jobs));
  if (signal.aborted) throw new InterruptedError();
  const [program, ...words] = argv;
  const up = ['up', '--detach', ...(services.length > 0 ? ['--no-deps', ...services] : [])];
  const running = execa(program!, [...words, '--project-name', name, '--file', file, ...up], {
    cwd,
    env: { DOCKER_HOST: `unix://${socket}` },
    stdin: 'ignore',
    all: true,
    reject: false,
    // It may be a plugin, a process below the docker program.
    detached: true,
  });
  const end = () => {
    signalGroup(running.pid, 'SIGTERM');
    setTimeout(() => signalGroup(running.pid, 'SIGKILL'), grace).unref();
  };
  signal.addEventListener('abort', end, { once: true });
  const { failed, all, shortMessage } = await running.finally(() => signal.removeEventListener('abort', end));
  if (signal.aborted) throw new InterruptedError();
  if (failed) throw explain({ name, file }, all?.trim() || (shortMessage ?? ''));
}

async function composeOfFlake(project: Project, jobs: JobContext): Promise<readonly string[]> {
  try {
    return [await findTool('docker-compose', project, jobs)];
  } catch (error) {
    if (!(error instanceof ToolMissing)) throw error;
    const { found } = error.parts;
    throw new DockerError({ asked: 'docker compose was not found', found, todo: howToGetCompose });
  }
}

/** Compose tells first what it does to each container, and last what went wrong, in v1 twice: by the container and by the service. */
const PROGRESS =
  /^(Creating|Starting|Recreating)\b.*(done|error|\.\.\.|driver)\s*$|^Host is already in use by another container$|^Encountered errors while/;

function explain({ name, file }: Pick<ComposeCall, 'name' | 'file'>, said: string): DockerError {
  const taken = takenPort(name, said);
  if (taken) return taken;
  const lines = said.split('\n').filter(line => line.trim() && !PROGRESS.test(line));
  const faults = [...new Set(lines.filter(line => !line.startsWith(`ERROR: for ${name}-`)))];
  return new DockerError({
    asked: 'docker compose cannot start the nodes',
    found: faults.slice(-10).join('\n'),
    todo: todoFor(said) ?? `the compose file is ${file}`,
  });
}

/** In the words of the engine: a program of this machine has the port, or another container. */
function takenPort(name: string, said: string): DockerError | undefined {
  const [, address] =
    said.match(/listen \w+ (\S+): bind: address already in use/) ??
    said.match(/Bind for (\S+) failed: port is already allocated/) ??
    [];
  if (!address) return undefined;
  const [, endpoint = ''] = said.match(/on endpoint (\S+)/) ?? [];
  const node = endpoint.startsWith(`${name}-`) ? endpoint.slice(name.length + 1) : 'a node';
  return new DockerError({
    asked: `${node} cannot have port ${address.replace(/.*:/, '')} of this machine`,
    found: `something else listens on ${address}`,
    todo: '`nxc status --all` shows your deployments, `ss -lptn` programs; stop the other one, or change dockerPorts',
  });
}

function todoFor(said: string): string | undefined {
  if (/non-overlapping IPv4 address pool|fully subnetted/.test(said))
    return 'the engine has no address range left for another network: `docker network ls`, and stop what is not needed';
  return undefined;
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}
