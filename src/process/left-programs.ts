import { endGroups, signalGroup } from './end-groups.js';
import { isAlive, type ProcessId, readAllStats } from './proc.js';

/** Process groups that scripts left behind when they ended, so that their programs can be ended later. */
export class LeftPrograms {
  readonly #groups = new Map<number, readonly ProcessId[]>();

  /** Notes what is left of a group whose leader has ended. */
  note(group: number): void {
    if (!signalGroup(group, 0)) return;
    const members = readAllStats().filter(one => one.group === group);
    if (members.length > 0) this.#groups.set(group, members);
  }

  /** Asks all of them to end, and kills what has not done so after `graceMs`. */
  async end(graceMs: number): Promise<void> {
    // While one of its first members is there, a group's number cannot have become another's.
    const ours = [...this.#groups].filter(([, members]) => members.some(isAlive));
    this.#groups.clear();
    await endGroups(
      ours.map(([group]) => group),
      graceMs,
    );
  }
}
