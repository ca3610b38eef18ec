import type { Job } from '../jobs/job.js';
import { formatValue } from '../plots/units.js';
import { Activities, ActivityType, type Amount, type RunningBuild } from './activities.js';
import { LEVEL, type LogRecord, parseLogLine } from './internal-json.js';

/** Running builds shown one a line; the others are only counted. */
const SHOWN = 8;
/** Lines of Nix itself that are kept for a failure. */
const KEPT_LINES = 25;

/** Messages that people can do nothing about. */
const NOISE = /^(warning: )?Git tree '.*' is dirty$|; retrying in \d+ ms$|^building '|^evaluating file '/;

/** What a run of Nix said: shows it as a job while it runs, and keeps what an error has to tell. */
export class NixProgress {
  readonly activities = new Activities();
  /** In the order in which they came; the last is the one that ended it. */
  readonly errors: Array<LogRecord & { action: 'message' }> = [];
  /** What else it printed, newest last. */
  readonly text: string[] = [];
  readonly #job: Job;
  readonly #warn: (message: string) => void;
  /** File that is read while it evaluates, as its flake has it. */
  #file = '';

  constructor(job: Job, warn: (message: string) => void) {
    this.#job = job;
    this.#warn = warn;
    job.details(() => this.#details());
  }

  take(line: string): void {
    const record = parseLogLine(line);
    this.activities.take(record);
    if (record.action === 'message') this.#message(record);
    else if (record.action === 'text') this.#keep(record.text);
    this.#job.step(this.#step());
  }

  #message(record: LogRecord & { action: 'message' }): void {
    const { level, text } = record;
    this.#file = text.match(/^evaluating file '(?:.*\/nix\/store\/[^/]*\/)?(.*)'$/)?.[1] ?? this.#file;
    if (NOISE.test(text)) return;
    if (text.startsWith('trace: ')) this.#warn(text);
    // Nix says some of its warnings as loud as errors: they are not what ended it.
    else if (level === LEVEL.error && !text.startsWith('warning: ')) this.errors.push(record);
    else if (level === LEVEL.warning) this.#warn(oneLine(text.replace(/^warning: /, 'Nix: ')));
    else this.#keep(text);
  }

  #keep(line: string): void {
    this.text.push(line);
    if (this.text.length > KEPT_LINES) this.text.shift();
  }

  #step(): string {
    const { activities } = this;
    const doing = activities.doing();
    if (activities.evaluating) return doing ?? `evaluating ${this.#file}`.trim();
    const builds = activities.amount(ActivityType.builds);
    const copies = activities.amount(ActivityType.copyPaths);
    const parts = [
      builds.expected ? `${builds.done}/${builds.expected} built` : '',
      copies.expected ? `${copies.done}/${copies.expected} copied` : '',
      bytes(activities.amount(ActivityType.copyPath), 'copied'),
      bytes(activities.amount(ActivityType.fileTransfer), 'downloaded'),
      doing ?? '',
    ];
    return parts.filter(Boolean).join(', ');
  }

  #details(): string[] {
    const builds = this.activities.builds();
    const lines = builds.slice(0, SHOWN).map(describe);
    return builds.length > SHOWN ? [...lines, `and ${builds.length - SHOWN} more`] : lines;
  }
}

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ');

/** `hello-2.12` of /nix/store/<hash>-hello-2.12.drv. */
export const derivationName = (path: string): string =>
  path.replace(/^.*\/[0-9a-z]{32}-/, '').replace(/\.drv$/, '');

function describe({ derivation, phase, lines }: RunningBuild): string {
  const name = [derivationName(derivation), phase ? `(${phase})` : ''].filter(Boolean).join(' ');
  const last = lines.at(-1);
  return last ? `${name}: ${last}` : name;
}

const bytes = ({ done, expected }: Amount, what: string): string =>
  expected ? `${formatValue(done, 'B')} of ${formatValue(Math.max(done, expected), 'B')} ${what}` : '';
