/**
 * What was measured and marked of a deployment, beside its record: deploy/.metrics/<run>/, which its owner alone may read.
 *
 *     log.jsonl      lines as they come (entry.ts). Only ever appended to, by the sampler, kernels and terminals alike.
 *     sealed.jsonl   a log that has grown to its limit, for as long as it is made part of the history
 *     history.jsonl  what was sealed before, thinned (compact.ts): the older, the coarser
 *     sampler        a link whose target says which process samples (lock.ts)
 *     problem        a link whose target says why that one cannot write
 *
 * It is bounded: a log is sealed at 8 MB, and the history has at most 8 MB. When nobody is there to seal a log, it takes
 * four times as much and then no more. Upstream's tool takes the newest file of deploy/ whose name has `::` for the current
 * deployment: none of these has.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { NxcError } from '../../errors.js';
import type { DeploymentRecord } from '../../flavours/record.js';
import { makeFolder } from '../../make-folder.js';
import { reasonOf } from '../../write-error.js';
import { type Entry, formatEntry } from './entry.js';

/** Bytes at which the log is sealed, and that the history may have. */
export const limit = 8 << 20;

/** What a project's deployments have measured, a folder each. */
export const storesFolder = (project: string): string => join(project, 'deploy/.metrics');

export class Store {
  readonly folder: string;

  constructor(record: DeploymentRecord) {
    const { run, file } = record['x-nxc'];
    this.folder = join(dirname(file), '.metrics', run);
  }

  file(name: 'log.jsonl' | 'sealed.jsonl' | 'history.jsonl' | 'sampler' | 'problem'): string {
    return join(this.folder, name);
  }

  /** Throws when it is not there and cannot be made, or is somebody else's. */
  create(): void {
    makeFolder(this.folder, 0o700);
    if (lstatSync(this.folder).isDirectory()) return;
    throw new NxcError(`${this.folder} is not a folder`);
  }

  /**
   * Appends whole lines at once, so that those of several writers do not mix. Gives the reason when they cannot be written; what
   * comes after the deployment was stopped is dropped. Each write begins a line of its own: the one before may have been cut off.
   */
  append(entries: readonly Entry[]): string | undefined {
    if (entries.length === 0) return undefined;
    try {
      const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
      const flags = O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW | O_NONBLOCK;
      const file = openSync(this.file('log.jsonl'), flags, 0o600);
      try {
        const found = fstatSync(file);
        if (!found.isFile()) return `${this.file('log.jsonl')} is not a file`;
        if (found.size > 4 * limit) return `${this.file('log.jsonl')} is full`;
        const text = Buffer.from(`\n${entries.map(formatEntry).join('\n')}\n`);
        return writeSync(file, text) === text.length ? undefined : 'the disk is full';
      } finally {
        closeSync(file);
      }
    } catch (error) {
      const failure = error as NodeJS.ErrnoException;
      return failure.code === 'ENOENT' ? undefined : `${this.file('log.jsonl')}: ${reasonOf(failure)}`;
    }
  }

  /** Why the sampler cannot write. */
  get problem(): string | undefined {
    try {
      return readlinkSync(this.file('problem'));
    } catch {
      return undefined;
    }
  }

  /** A link needs no room on a full disk. */
  setProblem(problem: string | undefined): void {
    try {
      rmSync(this.file('problem'), { force: true });
      if (problem !== undefined) symlinkSync(problem.slice(0, 200), this.file('problem'));
    } catch {
      // The disk takes nothing at all; who looks for values finds none.
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
    try {
      rmdirSync(dirname(this.folder));
    } catch {
      // Other deployments have theirs in it.
    }
  }
}
