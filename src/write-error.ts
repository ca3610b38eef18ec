import { mkdirSync, rmdirSync } from 'node:fs';
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
  EISDIR: 'it is a folder',
  EIO: 'the disk does not work',
};

/** What the system says of a file, in words that a person knows. */
export const reasonOf = (error: NodeJS.ErrnoException): string => {
  const reason = reasons[error.code ?? ''];
  return reason ? `${reason} (${error.code})` : error.message;
};

/** Node makes folders with their parents, and calls a read-only disk a missing folder then. */
function reasonOfFolder(error: NodeJS.ErrnoException): string {
  if (error.code !== 'ENOENT') return reasonOf(error);
  try {
    mkdirSync(error.path!);
    rmdirSync(error.path!);
    return reasonOf(error);
  } catch (again) {
    return reasonOf(again as NodeJS.ErrnoException);
  }
}

/** The error as a WriteError about `what` (`cannot write run.csv`) when a system call failed; others as they are. */
export function writeError(what: string, error: unknown): unknown {
  const { syscall, path } = error as NodeJS.ErrnoException;
  if (!(error instanceof Error) || error instanceof NxcError || syscall === undefined) return error;
  const found = syscall === 'mkdir' ? `${path} cannot be made: ${reasonOfFolder(error)}` : reasonOf(error);
  return new WriteError({ asked: what, found, cause: error });
}
