import { basename, isAbsolute, join } from 'node:path';
import type { Machine } from '../machine.js';

export const files = {
  async copyFromHost(machine: Machine, source: string, target: string): Promise<void> {
    await machine.transport.upload(machine.here(source), target, { signal: machine.context.signal });
  },

  async copyFromMachine(machine: Machine, source: string, targetDir = ''): Promise<void> {
    const base = isAbsolute(targetDir) ? '' : (process.env.out ?? machine.context.cwd);
    const target = join(base, targetDir, basename(source));
    await machine.transport.download(source, target, { signal: machine.context.signal });
  },
};
