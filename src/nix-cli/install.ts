import { createHash } from 'node:crypto';
import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { homeFolder } from '../home-folder.js';
import { asJob } from '../jobs/as-job.js';
import type { JobContext } from '../jobs/job.js';
import { makeFolder } from '../make-folder.js';
import { runGroup } from '../process/group.js';
import { NixUnavailable } from './errors.js';

/** Where upstream's `nxc helper install-nix` takes a statically linked Nix from (actions.py, install_nix_static). */
export const STATIC_NIX = 'https://gitlab.inria.fr/nixos-compose/nix-static/-/raw/main/bin';

export interface InstalledNix {
  /** Absolute path. */
  path: string;
  /** `nix (Nix) 2.18.1`. */
  version: string;
  /** Of the program, hexadecimal. */
  sha256: string;
}

/**
 * Puts a statically linked `nix` into ~/.local/bin for this user alone; its store is below ~/.local/share/nix/root. Whole or not at all:
 * what cannot tell its version is not kept.
 */
export function installStaticNix(from: string, jobs: JobContext): Promise<InstalledNix> {
  return asJob('install nix', jobs, async job => {
    const home = homeFolder();
    const folder = join(home, '.local/bin');
    const path = join(folder, 'nix');
    makeFolder(folder);
    // A folder, since what the program does depends on what it is called.
    const drafts = await mkdtemp(join(folder, '.nix-'));
    const draft = join(drafts, 'nix');
    try {
      // The file with the plain name holds the name of the newest one.
      const name = (await download(`${from}/nix-${processor()}-linux-static`, jobs.signal)).toString().trim();
      if (!/^[\w.+-]+$/.test(name))
        throw broken(from, `no file name, but ${JSON.stringify(name.slice(0, 40))}`);
      job.step(`downloading ${name}`);
      const program = await download(`${from}/${name}`, jobs.signal);
      await writeFile(draft, program, { flag: 'wx' });
      await chmod(draft, 0o755);
      const version = await versionOf(draft, folder, jobs.signal);
      if (!version) throw broken(from, `${name} does not run here`);
      await rename(draft, path);
      // Nix takes a store below home when it finds this folder, as upstream prepares it.
      makeFolder(join(home, '.local/share/nix/root/nix/store'));
      const sha256 = createHash('sha256').update(program).digest('hex');
      job.finish(`${version} in ${path}`);
      return { path, version, sha256 };
    } finally {
      await rm(drafts, { recursive: true, force: true });
    }
  });
}

async function download(url: string, signal: AbortSignal): Promise<Buffer> {
  try {
    const response = await fetch(url, { signal });
    if (!response.ok) throw new Error(`the server answered ${response.status} ${response.statusText}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    const { message, cause } = error as Error;
    throw broken(url, cause instanceof Error ? cause.message : message, error);
  }
}

async function versionOf(program: string, cwd: string, signal: AbortSignal): Promise<string | undefined> {
  let said = '';
  const { status } = await runGroup([program, '--version'], {
    cwd,
    signal,
    grace: 1000,
    onStdout: text => {
      said += text;
    },
  }).catch(() => ({ status: 1 }));
  return status === 0 && /^nix \(/.test(said) ? said.trim() : undefined;
}

const processor = (): string => ({ x64: 'x86_64', arm64: 'aarch64' })[process.arch as string] ?? process.arch;

const broken = (from: string, found: string, cause?: unknown): NixUnavailable =>
  new NixUnavailable({
    asked: `no Nix could be installed from ${from}`,
    found,
    todo: 'see whether this machine reaches it (a proxy?), or install Nix otherwise: apt install nix-bin, https://nixos.org/download',
    cause,
  });
