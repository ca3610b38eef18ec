import type { Readable } from 'node:stream';

/** How a kernel's process ends, and what it does not die of. */
export interface Lifecycle {
  interrupt: () => void;
  /** A stream that ends with the process that started this one: heard of at once. */
  lifeline?: Readable;
  /** Called at most once: a signal to end, or the parent is gone. */
  end: (why: 'signal' | 'orphaned') => void;
}

/** Milliseconds between two looks at whether the parent lives. */
const LOOK = 1000;

/** Installs signal handlers and the watch over the parent. */
export function superviseProcess({ interrupt, lifeline, end }: Lifecycle): void {
  let ending = false;
  const endOnce = (why: 'signal' | 'orphaned') => {
    if (ending) return;
    ending = true;
    end(why);
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', () => endOnce('signal'));
  process.on('SIGHUP', () => endOnce('signal'));
  // A bug in one corner (a timer, a socket of a driver) must not take deployments and variables with it.
  process.on('uncaughtException', error => console.error('bug in the kernel, which goes on:', error));
  process.on('unhandledRejection', error => console.error('bug in the kernel, which goes on:', error));
  lifeline?.resume().on('error', () => {});
  lifeline?.once('close', () => endOnce('orphaned'));
  const orphaned = watchParent(Number(process.env.JPY_PARENT_PID));
  setInterval(() => orphaned() && endOnce('orphaned'), LOOK).unref();
}

/**
 * Whether the process that started this kernel is gone. Usually that is the parent; through a wrapper (npx, a shell) it is
 * an ancestor, so its existence is looked at. In a container it may be neither, and then there is nothing to go by: PID 1 as
 * parent is normal there.
 */
export function watchParent(starter: number): () => boolean {
  if (!(starter > 0)) return () => false;
  if (process.ppid === starter) return () => process.ppid !== starter;
  if (exists(starter)) return () => !exists(starter);
  return () => false;
}

/** Ends the processes that cells left behind in this kernel's process group. Front-ends start a kernel as a group's leader. */
export function endProcessGroup(): void {
  try {
    process.on('SIGTERM', () => {});
    process.kill(-process.pid, 'SIGTERM');
  } catch {
    // Not a leader: the group is that of a terminal, and not this kernel's to end.
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
