import { NxcError } from './errors.js';

/** Something on a disk cannot be changed, for a reason that lies outside of this program. */
export class WriteError extends NxcError {}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: "the user's share of the disk is used up",
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'what should be its folder is a file',
  EEXIST: 'there is a file of this name',
  EISDIR: 'it is a folder',
  EIO: 'the disk does not work',
};

/** What the system says of a file, in words that a person knows. */
export function reasonOf(error: NodeJS.ErrnoException): string {
  // makeFolder makes no folder whose parent is missing, so it is not that.
  const isUnfit = error.syscall === 'mkdir' && error.code === 'ENOENT';
  const reason = isUnfit ? 'its file system has no new folders' : reasons[error.code ?? ''];
  return reason ? `${reason} (${error.code})` : error.message;
}

/** The error as a WriteError about `what` (`cannot write run.csv`) when a system call failed; others as they are. */
export function writeError(what: string, error: unknown): unknown {
  const { syscall, path } = error as NodeJS.ErrnoException;
  if (!(error instanceof Error) || error instanceof NxcError || syscall === undefined) return error;
  const found = syscall === 'mkdir' ? `${path} cannot be made: ${reasonOf(error)}` : reasonOf(error);
  return new WriteError({ asked: what, found, cause: error });
}
