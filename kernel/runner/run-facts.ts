import { readFile } from 'node:fs/promises';
import { arch, availableParallelism, hostname, release, type as systemType, totalmem } from 'node:os';
import { version } from '../../src/assets.js';
import type { JsonObject } from './ipynb/notebook.js';
import type { RunFacts } from './report/facts.js';

/** What the runner knows of this machine and its programs. */
export async function machineFacts(kernel: JsonObject): Promise<Pick<RunFacts, 'host' | 'versions'>> {
  const words = [kernel.implementation, kernel.implementation_version].filter(Boolean).join(' ');
  return {
    host: {
      name: hostname(),
      system: [await distribution(), `${systemType()} ${release()}`].filter(Boolean).join(', '),
      architecture: arch(),
      processors: availableParallelism(),
      memoryBytes: totalmem(),
    },
    versions: {
      nxc: version(),
      node: process.versions.node,
      ...(words ? { kernel: `${words}, protocol ${kernel.protocol_version ?? 'unknown'}` } : {}),
    },
  };
}

/** Name of the Linux distribution: https://www.freedesktop.org/software/systemd/man/latest/os-release.html */
async function distribution(): Promise<string | undefined> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(text)?.[1];
}
