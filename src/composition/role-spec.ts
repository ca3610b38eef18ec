/**
 * What a role means on a flavour without NixOS (`local`): the outcome of merging the role's module in-process.
 * JSON all the way down; it is part of the build's compose-info under `x-nxc.roles.<role>`.
 */
export interface RoleSpec {
  role: string;
  /** Host folders with programs, in PATH order, found for environment.systemPackages and the like. */
  path: string[];
  /** /etc/<key>. */
  etc: Record<string, EtcFile>;
  /** environment.variables and sessionVariables. */
  variables: Record<string, string>;
  /** In start order (after/requires/before/wants are already sorted out). */
  units: UnitSpec[];
  users: UserSpec[];
  groups: Array<{ name: string; gid?: number; members: string[] }>;
  /** Lines for /etc/hosts. */
  extraHosts: string;
  /** Folders that all nodes of the deployment see (nxc.sharedDirs). */
  sharedDirs: string[];
  /** Shell text that runs once before the units (system.activationScripts, nxc.postBootCommands). */
  bootCommands: string;
}

/** The file in /etc that interactive shells read. */
export const SHELL_FILE = 'nxc/bashrc';

export interface EtcFile {
  text?: string;
  /** Absolute path on the host, copied. */
  source?: string;
  /** Octal, `0644`. */
  mode: string;
  user: string;
  group: string;
}

export interface UserSpec {
  name: string;
  uid?: number;
  group?: string;
  extraGroups: string[];
  home: string;
  createHome: boolean;
  /** Octal, `700`. */
  homeMode?: string;
  isNormalUser: boolean;
  /** Absolute path; a user without one may not log in. */
  shell?: string;
  /** As /etc/shadow has it; without one the user is locked for login with a password. */
  hashedPassword?: string;
  description: string;
  authorizedKeys: string[];
}

export interface UnitSpec {
  /** With suffix: `web.service`. Only services run; targets exist as names. */
  name: string;
  description: string;
  type: 'simple' | 'exec' | 'oneshot' | 'forking' | 'notify' | 'idle';
  remainAfterExit: boolean;
  /** Shell text (`script`) or systemd command line (`serviceConfig.ExecStart`) of each phase. */
  preStart: UnitCommand[];
  start: UnitCommand[];
  postStart: UnitCommand[];
  stop: UnitCommand[];
  reload: UnitCommand[];
  environment: Record<string, string>;
  path: string[];
  workingDirectory?: string;
  /** What the journal calls it, in place of its programs' names. */
  identifier?: string;
  user?: string;
  group?: string;
  /** The user is there for this unit alone. */
  dynamicUser?: boolean;
  restart: 'no' | 'always' | 'on-success' | 'on-failure' | 'on-abnormal' | 'on-abort';
  restartMs: number;
  /** Restarts allowed in the interval before the unit is failed; systemd's defaults 5 in 10 s. */
  startLimitBurst: number;
  startLimitIntervalMs: number;
  /** 0 means no limit. */
  timeoutStartMs: number;
  timeoutStopMs: number;
  after: string[];
  requires: string[];
  wants: string[];
  /** Starts at boot when it holds multi-user.target or another boot target. */
  wantedBy: string[];
  /** Folders to make: RuntimeDirectory → /run/x, StateDirectory → /var/lib/x, LogsDirectory, CacheDirectory. */
  directories: string[];
}

export type UnitCommand =
  | { kind: 'script'; text: string }
  | { kind: 'exec'; argv: string[]; ignoreFailure: boolean };
