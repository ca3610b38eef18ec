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

/** The files of a node's journal and what was already read of them; `run` is the node's runtime folder. */
export class Journal {
  private readonly files = new Map<string, { fd: number; position: number; rest: string; uid?: number }>();

  constructor(private readonly run: string) {}

  /** Entries that have come since the last call, in the order of time; at first all. */
  read(): Entry[] {
    const entries = this.paths().flatMap(path => this.news(path));
    return entries.sort((a, b) => a.realtime - b.realtime);
  }

  bytes(): number {
    return this.paths().reduce(
      (sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
  }

  /** Files that were renamed are read once, under either name. */
  private paths(): string[] {
    const units = namesIn(join(this.run, 'units')).map(unit => join(this.run, 'units', unit, 'log'));
    const users = namesIn(join(this.run, 'journal'))
      .filter(name => /^\d+$/.test(name))
      .map(name => join(this.run, 'journal', name));
    return [...units, ...users].flatMap(path => [`${path}.1`, path]);
  }

  private news(path: string): Entry[] {
    const opened = open(path);
    if (!opened) return [];
    const known = this.files.get(opened.inode);
    if (known) closeSync(opened.fd);
    // What users write says who they are by its owner, and never that the manager said it.
    const own = path.startsWith(join(this.run, 'journal'));
    const file = known ?? { fd: opened.fd, position: 0, rest: '', ...(own && { uid: opened.uid }) };
    this.files.set(opened.inode, file);
    const lines = (file.rest + readOn(file)).split('\n');
    file.rest = lines.pop()!;
    return lines.flatMap(line => {
      const entry = parseEntry(line);
      if (!entry || file.uid === undefined) return entry ?? [];
      return { ...entry, uid: file.uid, about: false };
    });
  }
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
  // Not beyond a character that is not there as a whole yet.
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
