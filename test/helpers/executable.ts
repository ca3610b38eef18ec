import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const EXECUTABLE = fileURLToPath(new URL('../../dist/kernel/main.cjs', import.meta.url));

export interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the terminal's `nxc` to its end; `onStdout` sees what it has written so far. */
export async function nxc(
  words: readonly string[],
  {
    cwd,
    env = {},
    onStdout,
  }: { cwd: string; env?: NodeJS.ProcessEnv; onStdout?(text: string, interrupt: () => void): void },
): Promise<Ran> {
  const child = spawn(process.execPath, [EXECUTABLE, ...words], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  let interrupted = false;
  const interrupt = () => {
    // A second one would end the process whatever it does.
    if (!interrupted) child.kill('SIGINT');
    interrupted = true;
  };
  child.stdout.on('data', chunk => {
    stdout += chunk;
    onStdout?.(stdout, interrupt);
  });
  child.stderr.on('data', chunk => {
    stderr += chunk;
  });
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stdout, stderr };
}
