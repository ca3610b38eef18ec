/**
 * kernel/kernelspec makes the kernel known to Jupyter: a folder with `kernel.json` and logos where front-ends look for it.
 * https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs
 */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, copyFile, lstat, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { assetPath, version } from '../../src/assets.js';
import { makeFolder } from '../../src/make-folder.js';
import { KernelspecError } from './errors.js';
import { type Destination, kernelsFolder, searchedFolders } from './folders.js';
import { findLauncher, isTemporary, type Launcher } from './launcher.js';

const LOGOS = ['logo-svg.svg', 'logo-32x32.png', 'logo-64x64.png'];
/** Marks in the metadata of `kernel.json` which kernelspecs are ours. */
const MARK = 'x-nxc';

export interface InstallOptions {
  destination?: Destination;
  /** Folder name, and the name for `jupyter console --kernel`. */
  name?: string;
  displayName?: string;
  env?: NodeJS.ProcessEnv;
}

export interface Installed {
  name: string;
  displayName: string;
  folder: string;
  /** False when what it starts is gone. */
  works: boolean;
  version: string;
}

/** Writes the kernelspec, over an older one of ours. Returns it and how to open the kernel, a line each. */
export async function installKernelspec(
  options: InstallOptions = {},
): Promise<{ folder: string; advice: string[] }> {
  const {
    destination = { user: true },
    name = 'nxc',
    displayName = 'NixOS Compose',
    env = process.env,
  } = options;
  checkName(name);
  const kernels = await kernelsFolder(destination, env);
  const folder = join(kernels, name);
  await refuseForeign(folder, name);
  const launcher = findLauncher(env);
  await writeFolder(kernels, folder, kernelJson(launcher, displayName));
  const hidden = !(await searchedFolders(env)).includes(kernels);
  return {
    folder,
    advice: [...(hidden ? [elsewhere(kernels)] : []), ...advise(name, displayName, launcher)],
  };
}

/** Removes ours; throws KernelspecError when there is none of that name. Returns its folder. */
export async function removeKernelspec(options: Omit<InstallOptions, 'displayName'> = {}): Promise<string> {
  const { destination = { user: true }, name = 'nxc', env = process.env } = options;
  checkName(name);
  const folder = join(await kernelsFolder(destination, env), name);
  await refuseForeign(folder, name);
  if (!(await readSpec(folder))) {
    const known = await listKernelspecs(env);
    throw new KernelspecError({
      asked: `there is no kernelspec ${folder}`,
      found: known.map(each => each.folder).join(', ') || 'no installed kernelspec of NixOS Compose at all',
      todo: 'give the --user, --prefix or --sys-prefix and the --name that it was installed with',
    });
  }
  await rm(folder, { recursive: true });
  return folder;
}

/** All of ours that Jupyter finds. */
export async function listKernelspecs(env: NodeJS.ProcessEnv = process.env): Promise<Installed[]> {
  const found: Installed[] = [];
  for (const kernels of await searchedFolders(env)) {
    for (const name of await readdir(kernels).catch(() => [])) {
      const folder = join(kernels, name);
      const spec = await readSpec(folder);
      const ours = spec?.metadata?.[MARK];
      if (!spec || typeof ours !== 'string') continue;
      const works = (await exists(spec.argv?.[0])) && (await exists(spec.argv?.[1]));
      found.push({ name, displayName: String(spec.display_name), folder, works, version: ours });
    }
  }
  return found;
}

interface Spec {
  argv?: string[];
  display_name?: string;
  metadata?: Record<string, unknown>;
}

function kernelJson({ node, main }: Launcher, displayName: string): Spec & Record<string, unknown> {
  return {
    argv: [node, main, 'kernel', 'start', '-f', '{connection_file}'],
    display_name: displayName,
    language: 'typescript',
    interrupt_mode: 'message',
    kernel_protocol_version: '5.4',
    metadata: { debugger: false, supported_encryption: ['curve'], [MARK]: version() },
  };
}

/** A front-end that looks meanwhile sees the old one, the new one or, between two renames, none; never half of it. */
async function writeFolder(kernels: string, folder: string, spec: object): Promise<void> {
  try {
    const fresh = join(kernels, `.nxc-${randomUUID()}`);
    const old = `${fresh}-old`;
    // With the rights that folders of this user have: a system-wide kernel is for everybody.
    makeFolder(fresh);
    try {
      await writeFile(join(fresh, 'kernel.json'), `${JSON.stringify(spec, null, 2)}\n`);
      for (const logo of LOGOS) await copyFile(assetPath(`kernel/kernelspec/${logo}`), join(fresh, logo));
      const replaces = (await lstat(folder).catch(() => undefined)) !== undefined;
      if (replaces) await rename(folder, old);
      await rename(fresh, folder).catch(async error => {
        if (replaces) await rename(old, folder);
        throw error;
      });
    } finally {
      for (const path of [fresh, old]) await rm(path, { recursive: true, force: true });
    }
  } catch (cause) {
    throw new KernelspecError({
      asked: `the kernelspec cannot be written to ${folder}`,
      found: (cause as NodeJS.ErrnoException).code ?? String(cause),
      todo: 'choose a folder that you may write to: --user, or --prefix DIR',
      cause,
    });
  }
}

function checkName(name: string): void {
  if (/^[a-z0-9._-]+$/i.test(name) && !/^\.+$/.test(name)) return;
  throw new KernelspecError({
    asked: `"${name}" cannot be the name of a kernelspec`,
    todo: 'use letters, digits, ".", "_" and "-" only; --display-name takes any text',
  });
}

async function refuseForeign(folder: string, name: string): Promise<void> {
  const spec = await readSpec(folder);
  if (!spec || spec.metadata?.[MARK] !== undefined) return;
  throw new KernelspecError({
    asked: `the kernelspec "${name}" belongs to another kernel`,
    found: `"${spec.display_name}" in ${folder}`,
    todo: 'choose another --name',
  });
}

async function readSpec(folder: string): Promise<Spec | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, 'kernel.json'), 'utf8')) as Spec;
  } catch {
    return undefined;
  }
}

async function exists(path: string | undefined): Promise<boolean> {
  return (
    path !== undefined &&
    access(path, constants.R_OK).then(
      () => true,
      () => false,
    )
  );
}

function elsewhere(kernels: string): string {
  return `Jupyter does not look there by itself: set JUPYTER_PATH=${dirname(kernels)}`;
}

function advise(name: string, displayName: string, launcher: Launcher): string[] {
  const lines = [
    `JupyterLab: run "jupyter lab" and choose "${displayName}" (no Jupyter yet: pip install jupyterlab)`,
    `terminal: jupyter console --kernel ${name}`,
    `VS Code: open a notebook, Select Kernel, Jupyter Kernel, "${displayName}"`,
  ];
  if (!isTemporary(launcher)) return lines;
  return [
    ...lines,
    "this copy is in npx's cache, which npm may empty: install it with npm, then run this again",
  ];
}
