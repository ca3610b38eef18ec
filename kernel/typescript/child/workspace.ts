import { syncBuiltinESMExports } from 'node:module';
import type { WorkspaceChange } from '../../../src/client.js';
import { send } from './channel.js';

const { env } = process;
const chdir = process.chdir.bind(process);

/**
 * Cells of every kind have one environment and one working directory: what code does to those of this process is sent to the
 * front at once, so that whatever comes next, a call or the next cell, finds it there.
 */
export function shareWorkspace(): void {
  const shared = new Proxy(env, {
    set: (target, name, value) => tell(name, () => Reflect.set(target, name, value)),
    defineProperty: (target, name, descriptor) =>
      tell(name, () => Reflect.defineProperty(target, name, descriptor)),
    deleteProperty: (target, name) => tell(name, () => Reflect.deleteProperty(target, name)),
  });
  Object.defineProperty(process, 'env', {
    get: () => shared,
    set: replaceAll,
    enumerable: true,
    configurable: true,
  });
  process.chdir = directory => {
    chdir(directory);
    send({ type: 'workspace', change: { cwd: process.cwd() } });
  };
  // Who imported them from 'node:process' has the same.
  syncBuiltinESMExports();

  /** `process.env = {…}` makes these the variables: programs that are started see no others. */
  function replaceAll(variables: NodeJS.ProcessEnv): void {
    const wanted = { ...variables };
    for (const name of Object.keys(shared)) if (!(name in wanted)) delete shared[name];
    Object.assign(shared, wanted);
  }
}

/** What the front asks for: it knows of it already. */
export function follow({ cwd, env: variables = {} }: WorkspaceChange): void {
  if (cwd !== undefined) chdir(cwd);
  for (const [name, value] of Object.entries(variables)) {
    if (value === null) delete env[name];
    else env[name] = value;
  }
}

function tell(name: string | symbol, change: () => boolean): boolean {
  const before = env[String(name)];
  const done = change();
  const now = env[String(name)];
  if (now !== before) send({ type: 'workspace', change: { env: { [String(name)]: now ?? null } } });
  return done;
}
