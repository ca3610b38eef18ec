import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { homeFolder } from '../../src/home-folder.js';
import { KernelspecError } from './errors.js';

/** Where a kernelspec goes: for this user (the default), below a prefix, or into the Python environment in use. */
export type Destination = { user: true } | { prefix: string } | { sysPrefix: true };

/** The folder that holds kernelspecs at `destination`. */
export async function kernelsFolder(destination: Destination, env: NodeJS.ProcessEnv): Promise<string> {
  if ('prefix' in destination) return below(destination.prefix);
  if ('sysPrefix' in destination) return below(await pythonPrefix(env));
  return join(userData(env), 'kernels');
}

/** All folders in which Jupyter looks for kernelspecs, the first one wins: https://docs.jupyter.org/en/latest/use/jupyter-directories.html */
export async function searchedFolders(env: NodeJS.ProcessEnv): Promise<string[]> {
  const extra = (env.JUPYTER_PATH ?? '').split(delimiter).filter(Boolean);
  const prefix = await pythonPrefix(env).catch(() => undefined);
  return [
    ...new Set([
      ...extra.map(folder => join(folder, 'kernels')),
      join(userData(env), 'kernels'),
      ...(prefix ? [below(prefix)] : []),
      below('/usr/local'),
      below('/usr'),
    ]),
  ];
}

function below(prefix: string): string {
  return join(prefix, 'share', 'jupyter', 'kernels');
}

function userData(env: NodeJS.ProcessEnv): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  const home = env.HOME || homeFolder();
  if (process.platform === 'darwin') return join(home, 'Library', 'Jupyter');
  return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'jupyter');
}

/** `sys.prefix` of the Python that a shell would start. Throws KernelspecError where there is none. */
async function pythonPrefix(env: NodeJS.ProcessEnv): Promise<string> {
  const environment = env.VIRTUAL_ENV || env.CONDA_PREFIX;
  if (environment) return environment;
  try {
    const program = ['-c', 'import sys; print(sys.prefix)'];
    return (await execa('python3', program, { env, extendEnv: false })).stdout;
  } catch (cause) {
    throw new KernelspecError({
      asked: '--sys-prefix installs into the Python environment in use',
      found: 'no active environment and no python3 on the PATH',
      todo: 'activate the environment first, or give its folder: --prefix DIR',
      cause,
    });
  }
}
