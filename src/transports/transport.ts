/**
 * How a command reaches a node. One persistent channel a node; no process is spawned on the host for a command. What is killed is a command's
 * process group: a child that left it (`setsid`, `set -m`) runs on until the node stops.
 */
export interface ExecOptions {
  /** Milliseconds; then the whole remote process group is killed and the result says `timedOut`. */
  timeoutMs?: number;
  /** Kills the whole remote process group; `exec` then rejects with InterruptedError. */
  signal?: AbortSignal;
  /** The node's user to run as; root (or the node's only user) when absent. */
  user?: string;
  cwd?: string;
  env?: Readonly<Record<string, string>>;
  stdin?: string | Uint8Array;
  onStdout?(chunk: Buffer): void;
  onStderr?(chunk: Buffer): void;
  /** Bytes of each stream kept in the result, the newest ones; default 16 MiB. Callbacks see everything. */
  keepBytes?: number;
  /** Default true: `set -o pipefail`. Never `set -e` unless the command says so. */
  pipefail?: boolean;
}

export interface ExecResult {
  /** Exit status; 128 + signal number when a signal ended it; -1 when timed out. */
  status: number;
  stdout: Buffer;
  stderr: Buffer;
  timedOut: boolean;
  /** Bytes that `keepBytes` left out of stdout and stderr together; 0 as a rule. */
  droppedBytes: number;
  startedAt: Date;
  durationMs: number;
}

export interface ShellOptions {
  user?: string;
  /** Program and arguments instead of the login shell. */
  command?: readonly string[];
}

export interface Transport extends AsyncDisposable {
  readonly node: string;
  /** Runs a bash command; many may run at once. Rejects only with TransportError (node gone) or InterruptedError. */
  exec(command: string, options?: ExecOptions): Promise<ExecResult>;
  /** Copies a file or folder of this machine to the node; parents are made. */
  upload(localPath: string, remotePath: string, options?: { signal?: AbortSignal }): Promise<void>;
  download(remotePath: string, localPath: string, options?: { signal?: AbortSignal }): Promise<void>;
  /** argv of a local program that gives an interactive shell on the node in this terminal (real TTY). */
  shellCommand(options?: ShellOptions): readonly string[];
  close(): Promise<void>;
}
