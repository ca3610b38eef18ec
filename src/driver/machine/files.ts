import { basename, isAbsolute, resolve } from 'node:path';
import { WriteError } from '../../write-error.js';
import type { Machine } from '../machine.js';

export const files = {
  async copyFromHost(machine: Machine, source: string, target: string): Promise<void> {
    await machine.transport.upload(machine.here(source), target, { signal: machine.context.signal });
  },

  async copyFromMachine(machine: Machine, source: string, targetDir = ''): Promise<void> {
    const out = isAbsolute(targetDir) ? undefined : process.env.out;
    const target = resolve(machine.context.cwd, out ?? '', targetDir, basename(source));
    await machine.transport.download(source, target, { signal: machine.context.signal }).catch(error => {
      if (!(error instanceof WriteError) || out === undefined) throw error;
      throw new WriteError({
        asked: error.parts.asked,
        found: `$out is ${out}: ${error.parts.found}`,
        todo: 'set the environment variable `out` to a folder that you may write to, or unset it for the working folder',
        cause: error,
      });
    });
  },
};
