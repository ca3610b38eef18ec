import type { Entry } from './entry.js';
import type { Boot } from './journal.js';

/** What all entries of a node have in common. */
export interface Place {
  hostname: string;
  machineId?: string;
  boots: readonly Boot[];
}

/** Fields that journald records and this journal does not have: nothing can be chosen by them. */
const NOT_RECORDED =
  /^(_COMM|_EXE|_CMDLINE|_CAP_EFFECTIVE|_GID|_AUDIT_.*|_SYSTEMD_(CGROUP|SLICE|SESSION|OWNER_UID|USER_UNIT|USER_SLICE|INVOCATION_ID)|_SELINUX_CONTEXT|_SOURCE_.*|_KERNEL_.*|_UDEV_.*|_STREAM_ID|_LINE_BREAK|_NAMESPACE|_RUNTIME_SCOPE|CODE_.*|MESSAGE_ID|ERRNO|INVOCATION_ID|USER_.*|JOB_.*|COREDUMP_.*|OBJECT_.*|SYSLOG_PID|SYSLOG_RAW|SYSLOG_TIMESTAMP|DOCUMENTATION|TID|UNIT_RESULT|N_RESTARTS|EXIT_.*)$/;

export const isRecorded = (name: string): boolean => !NOT_RECORDED.test(name);

/** The fields of an entry, under journald's names (systemd.journal-fields(7)). */
export function fieldsOf(entry: Entry, place: Place): Record<string, string> {
  const boot = bootOf(entry, place.boots);
  return {
    MESSAGE: entry.message,
    PRIORITY: String(entry.pri & 7),
    ...((entry.pri >> 3 || entry.transport === 'syslog') && { SYSLOG_FACILITY: String(entry.pri >> 3) }),
    SYSLOG_IDENTIFIER: entry.identifier,
    _PID: String(entry.pid),
    _UID: String(entry.uid),
    ...(entry.unit !== undefined && (entry.about ? { UNIT: entry.unit } : { _SYSTEMD_UNIT: entry.unit })),
    ...(entry.about && { _SYSTEMD_UNIT: 'init.scope' }),
    ...(boot !== undefined && { _BOOT_ID: boot.id }),
    ...(place.machineId !== undefined && { _MACHINE_ID: place.machineId }),
    _HOSTNAME: place.hostname,
    _TRANSPORT: entry.transport,
  };
}

export const bootOf = (entry: Entry, boots: readonly Boot[]): Boot | undefined =>
  boots.findLast(({ begin }) => begin <= entry.realtime) ?? boots[0];

/** Undefined without a boot. */
export function monotonicOf(entry: Entry, { boots }: Place): number | undefined {
  const boot = bootOf(entry, boots);
  return boot && Math.max(0, boot.monotonic + entry.realtime - boot.begin);
}

/** Where an entry is: what `--cursor` takes. */
export const cursorOf = (entry: Entry, index: number): string =>
  `t=${entry.realtime.toString(16)};i=${index.toString(16)}`;
