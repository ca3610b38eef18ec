/** A change of where cells and commands work: the absolute path of a folder, and variables, null for one that is removed. */
export interface WorkspaceChange {
  cwd?: string;
  env?: Readonly<Record<string, string | null>>;
}

/** Changes a workspace in place. */
export function changeWorkspace(
  workspace: { cwd: string; env: NodeJS.ProcessEnv },
  { cwd, env = {} }: WorkspaceChange,
): void {
  if (cwd !== undefined) workspace.cwd = cwd;
  for (const [name, value] of Object.entries(env)) {
    if (value === null) delete workspace.env[name];
    else workspace.env[name] = value;
  }
}
