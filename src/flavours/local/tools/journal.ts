import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Entry, parseEntry } from './entry.js';

/** A boot of the node, from a line `ID BEGIN MONOTONIC` of its file boots. */
export interface Boot {
  id: string;
  /** Microseconds since 1970. */
  begin: number;
  /** What the clock that begins with the machine's boot showed then, in microseconds. */
  monotonic: number;
}

export function bootsOf(run: string): Boot[] {
  return textOf(join(run, 'boots'))
    .split('\n')
    .filter(Boolean)
    .map(line => {
      const [id = '', begin, monotonic] = line.split(' ');
      return { id, begin: Number(begin), monotonic: Number(monotonic) };
    });
}

interface JournalFile {
  fd: number;
  position: number;
  /** Of a user's file: its owner. */
  uid?: number;
}

/** The files of a node's journal and what was already read of them; `run` is the node's runtime folder. */
export class Journal {
  private readonly files = new Map<string, JournalFile>();

  constructor(private readonly run: string) {}

  /** Entries that have come since the last call, in the order of time; at first all. */
  read(): Entry[] {
    const gone = new Set(this.files.keys());
    const entries = this.paths().flatMap(path => {
      const inode = this.find(path);
      if (inode !== undefined) gone.delete(inode);
      return inode === undefined ? [] : entriesOf(this.files.get(inode)!);
    });
    // Written before they were removed to make room.
    for (const inode of gone) {
      entries.push(...entriesOf(this.files.get(inode)!));
      this.forget(inode);
    }
    return entries.sort((a, b) => a.realtime - b.realtime);
  }

  bytes(): number {
    return this.paths().reduce(
      (sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
  }

  close(): void {
    for (const inode of this.files.keys()) this.forget(inode);
  }

  private forget(inode: string): void {
    closeSync(this.files.get(inode)!.fd);
    this.files.delete(inode);
  }

  private paths(): string[] {
    const units = namesIn(join(this.run, 'units')).map(unit => join(this.run, 'units', unit, 'log'));
    const users = namesIn(join(this.run, 'journal'))
      .filter(name => /^\d+$/.test(name))
      .map(name => join(this.run, 'journal', name));
    return [...units, ...users].flatMap(path => [`${path}.1`, path]);
  }

  /** Files that were renamed are read once, under either name. */
  private find(path: string): string | undefined {
    const opened = open(path);
    if (!opened) return undefined;
    const { fd, inode, uid } = opened;
    if (this.files.has(inode)) closeSync(fd);
    // What users write says who they are by its owner, and never that the manager said it.
    else
      this.files.set(inode, {
        fd,
        position: 0,
        ...(path.startsWith(join(this.run, 'journal')) && { uid }),
      });
    return inode;
  }
}

function entriesOf(file: JournalFile): Entry[] {
  return readOn(file)
    .split('\n')
    .flatMap(line => {
      const entry = parseEntry(line);
      if (!entry || file.uid === undefined) return entry ?? [];
      return { ...entry, uid: file.uid, about: false };
    });
}

/** Undefined for what is no file: users of the node may have put anything there. */
function open(path: string): { fd: number; inode: string; uid: number } | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  const { dev, ino, uid, nlink } = fstatSync(fd);
  if (fstatSync(fd).isFile() && nlink > 0) return { fd, inode: `${dev}:${ino}`, uid };
  closeSync(fd);
  return undefined;
}

function readOn(file: { fd: number; position: number }): string {
  const bytes = Buffer.alloc(Math.max(0, fstatSync(file.fd).size - file.position));
  const size = readSync(file.fd, bytes, 0, bytes.length, file.position);
  // Not beyond a line that is not there as a whole yet.
  const end = bytes.subarray(0, size).lastIndexOf(10) + 1;
  file.position += end;
  return bytes.toString('utf8', 0, end);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
