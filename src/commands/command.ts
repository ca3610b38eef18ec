import type { Command as Commander } from 'commander';
import type { DeploymentManager } from '../deployment/deployment.js';
import type { Display } from '../display/display.js';

/** The place a command works in; `%cd` changes it. */
export interface Workspace {
  /** Absolute path. */
  cwd: string;
  env: Record<string, string | undefined>;
}

export interface CommandContext {
  workspace: Workspace;
  display: Display;
  signal: AbortSignal;
  manager: DeploymentManager;
  /** `terminal` may hand the TTY to a child; `notebook` may not. */
  front: 'terminal' | 'notebook';
  /** File name of the notebook, when known. */
  notebook?: string;
  /** Where `nxc run` writes the notebook as it is executed. */
  executed?: string;
  /** A cell runs code with this (plots and records mark its span), e.g. `In[4]`. */
  cellLabel?: string;
  /** The cell of the notebook that ended last; milliseconds since the epoch. */
  lastCell?: { label: string; endedAt: number };
}

/**
 * One verb. Being in the registry makes it a terminal command, a `%nxc` magic, a completion and a help page.
 * `run` returns the exit status (undefined means 0) and throws NxcError for what the user can mend.
 */
export interface Command<Options = Record<string, never>> {
  name: string;
  summary: string;
  /** Declares arguments and options (upstream's names and letters where upstream has them). */
  configure?(program: Commander): void;
  /** Example lines for the help page, without `nxc`. */
  examples?: readonly string[];
  /** Candidates for an argument or option value. */
  complete?(request: CompletionRequest): Promise<readonly string[]> | readonly string[];
  run(args: readonly string[], options: Options, context: CommandContext): Promise<number | undefined>;
}

export interface CompletionRequest {
  /** Words before the one being completed, verb excluded. */
  before: readonly string[];
  /** The beginning of the word. */
  word: string;
  /** The arguments before it. */
  args: readonly string[];
  /** The option whose value is wanted, `--flavour`, when it is one. */
  option?: string;
  context: Omit<CommandContext, 'display' | 'signal'>;
}
