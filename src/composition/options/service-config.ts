import { nearest } from '../../suggest.js';
import { CompositionError } from '../errors.js';

/** Directives of [Service] that mean something on `local`. */
const MEANT = [
  'Type ExecStart ExecStartPre ExecStartPost ExecStop ExecStopPost ExecReload Environment WorkingDirectory User Group DynamicUser SyslogIdentifier',
  'Restart RestartSec TimeoutStartSec TimeoutStopSec TimeoutSec RemainAfterExit',
  'RuntimeDirectory StateDirectory LogsDirectory CacheDirectory ConfigurationDirectory',
]
  .join(' ')
  .split(' ');

/** Directives that restrict, account or decorate: a service runs without them. */
const WITHOUT_EFFECT =
  /^(Private|Protect|Restrict|ReadOnly|ReadWrite|Inaccessible|Exec(Paths|SearchPath)|NoExecPaths|Bind(ReadOnly)?Paths|Capability|Ambient|NoNewPrivileges|SystemCall|Lock|Memory|CPU|IO|Tasks|Limit|Nice|OOM|Device|Delegate|Slice|Kill|SendSIG|FinalKillSignal|RestartKillSignal|WatchdogS|Standard|SyslogFacility|SyslogLevel|LogLevel|LogRate|LogExtra|LogFilter|TTY|UMask|Remove|Supplementary|KeyringMode|Proc|Ip|IP|Socket|Namespace|.*DirectoryMode$|.*DirectoryPreserve$|PIDFile|BusName|NotifyAccess|GuessMainPID|NonBlocking|RootDirectory|Mount|UtmpIdentifier|PassEnvironment|Personality|SuccessExitStatus|RestartPreventExitStatus|RestartForceExitStatus|RestartSteps|RestartMaxDelaySec|RuntimeMaxSec|TimeoutAbortSec|OpenFile|FileDescriptorStoreMax|Coredump|Scheduling|NUMA|AllowedCPUs|AllowedMemoryNodes|SecureBits|UnsetEnvironment)/;

/** What a service needs and does not get: better an error than a service that fails on the node. */
const MISSING: Readonly<Record<string, string>> = {
  EnvironmentFile: 'put the variables in environment',
  ExecCondition: 'write the condition in preStart',
  LoadCredential: 'use environment.etc or a file of the project',
  Sockets: 'let the program listen itself',
  RootImage: 'build for a flavour with NixOS',
};

/** Judges a directive: true when it means something, false when it has no effect; throws for what is missing or unknown. */
export function isMeant(name: string, place: string): boolean {
  if (MEANT.includes(name)) return true;
  const instead = Object.hasOwn(MISSING, name) ? MISSING[name] : undefined;
  if (instead !== undefined) {
    throw new CompositionError({ asked: `the flavour local does not have ${place}.${name}`, todo: instead });
  }
  if (WITHOUT_EFFECT.test(name)) return false;
  throw new CompositionError({
    asked: `the flavour local does not know the directive ${place}.${name}`,
    nearest: nearest(name, MEANT),
    todo: 'see systemd.service(5) for its spelling; if it is right, build for a flavour with NixOS',
  });
}
