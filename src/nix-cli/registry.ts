import { asJob } from '../jobs/as-job.js';
import type { JobContext } from '../jobs/job.js';
import { askNix } from './ask.js';
import { NixFailed } from './errors.js';

/** Makes a name stand for a flake in this user's registry (~/.config/nix/registry.json). */
export function registerFlake(name: string, flake: string, cwd: string, jobs: JobContext): Promise<void> {
  return asJob(`register ${name}`, jobs, async job => {
    const { status, progress } = await askNix(['registry', 'add', name, flake], { cwd, job, jobs });
    if (status !== 0) {
      const said = progress.errors.map(({ text }) => text.replace(/^error: /, ''));
      throw new NixFailed({ asked: `Nix does not register ${flake} as ${name}`, found: said.join('\n') });
    }
    job.finish(`${name} stands for ${flake}`);
  });
}
