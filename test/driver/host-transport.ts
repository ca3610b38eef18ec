import { spawn } from 'node:child_process';
import { cp, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InterruptedError } from '../../src/errors.js';
import type { ExecOptions, ExecResult, Transport } from '../../src/transports/transport.js';

/** A node that is this machine: real bash processes, without isolation. Enough to test what stands on a transport. */
export class HostTransport implements Transport {
  constructor(readonly node: string) {}

  exec(command: string, options: ExecOptions = {}): Promise<ExecResult> {
    const startedAt = new Date();
    const began = performance.now();
    const child = spawn('bash', ['-o', 'pipefail', '-c', command], {
      detached: true,
      env: { ...process.env, NODE_NAME: this.node, ...options.env },
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', chunk => {
      stdout.push(chunk);
      options.onStdout?.(chunk);
    });
    child.stderr.on('data', chunk => {
      stderr.push(chunk);
      options.onStderr?.(chunk);
    });
    child.stdin.on('error', () => {}).end(options.stdin ?? '');
    let timedOut = false;
    const kill = () => {
      try {
        if (child.pid) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    };
    const timer = setTimeout(
      () => {
        timedOut = true;
        kill();
      },
      options.timeoutMs ?? 2 ** 31 - 1,
    );
    options.signal?.addEventListener('abort', kill);
    return new Promise((resolve, reject) => {
      child.on('close', (code, signal) => {
        clearTimeout(timer);
        options.signal?.removeEventListener('abort', kill);
        if (options.signal?.aborted) return reject(new InterruptedError());
        resolve({
          status: timedOut ? -1 : (code ?? 128 + (signal === 'SIGKILL' ? 9 : 15)),
          stdout: Buffer.concat(stdout),
          stderr: Buffer.concat(stderr),
          timedOut,
          droppedBytes: 0,
          startedAt,
          durationMs: performance.now() - began,
        });
      });
    });
  }

  async upload(localPath: string, remotePath: string): Promise<void> {
    await mkdir(dirname(remotePath), { recursive: true });
    await cp(localPath, remotePath, { recursive: true });
  }

  async download(remotePath: string, localPath: string): Promise<void> {
    await mkdir(dirname(localPath), { recursive: true });
    await cp(remotePath, localPath, { recursive: true });
  }

  shellCommand(): readonly string[] {
    return ['bash'];
  }

  async close(): Promise<void> {}
  async [Symbol.asyncDispose](): Promise<void> {}
}
