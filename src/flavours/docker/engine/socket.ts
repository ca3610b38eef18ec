import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { homeFolder } from '../../../home-folder.js';
import { EngineError } from './errors.js';

const standard = '/var/run/docker.sock';

/**
 * Absolute path of the engine's socket, chosen as the docker program does: DOCKER_HOST, else the context of DOCKER_CONTEXT or
 * of the user's config.json, else the standard one (this user's own rootless engine when only that is there).
 */
export function engineSocket(env: NodeJS.ProcessEnv = process.env, home = homeFolder()): string {
  if (env.DOCKER_HOST) return localSocket(env.DOCKER_HOST, 'DOCKER_HOST');
  const folder = env.DOCKER_CONFIG ?? join(home, '.docker');
  const context =
    env.DOCKER_CONTEXT || (json(join(folder, 'config.json')).currentContext as string | undefined);
  if (context && context !== 'default') return ofContext(folder, context);
  const rootless = env.XDG_RUNTIME_DIR && join(env.XDG_RUNTIME_DIR, 'docker.sock');
  return rootless && !existsSync(standard) && existsSync(rootless) ? rootless : standard;
}

/** A context lies below the hash of its name (docker's cli/context/store). */
function ofContext(folder: string, name: string): string {
  const id = createHash('sha256').update(name).digest('hex');
  const meta = json(join(folder, 'contexts/meta', id, 'meta.json')) as {
    Endpoints?: { docker?: { Host?: string } };
  };
  const host = meta.Endpoints?.docker?.Host;
  if (host) return localSocket(host, `docker context ${name}`);
  throw new EngineError({
    asked: `docker context "${name}" cannot be used`,
    found: `no such context in ${folder}`,
    todo: 'choose another with `docker context use`, or set DOCKER_HOST',
  });
}

function localSocket(host: string, source: string): string {
  if (host.startsWith('unix:///')) return host.slice('unix://'.length);
  throw new EngineError({
    asked: 'the Docker engine must run on this machine: nodes see its /nix/store',
    found: `${source} is ${host}`,
    todo: 'give a socket of this machine: DOCKER_HOST=unix:///var/run/docker.sock',
  });
}

function json(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
}
