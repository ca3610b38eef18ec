import { type LogRecord, plainText } from './internal-json.js';

/** What Nix calls the things it does (logging.hh, ActivityType); those that are looked at here. */
export const ActivityType = {
  unknown: 0,
  copyPath: 100,
  fileTransfer: 101,
  realise: 102,
  copyPaths: 103,
  builds: 104,
  build: 105,
  substitute: 108,
} as const;

/** logging.hh, ResultType. */
const ResultType = {
  buildLogLine: 101,
  setPhase: 104,
  progress: 105,
  setExpected: 106,
  postBuildLogLine: 107,
};

const KEPT_LINES = 25;
/** Of a line: some builders print megabytes without an end of one. */
const KEPT_CHARACTERS = 1000;
/** Builds whose last lines are kept after they ended; the one that failed is among the last. */
const KEPT_BUILDS = 100;

export interface Amount {
  done: number;
  expected: number;
}

/** A derivation being built. */
export interface RunningBuild {
  /** Store path of the derivation. */
  derivation: string;
  phase?: string;
  /** Last lines of its log, newest last. */
  lines: readonly string[];
}

interface Activity {
  type: number;
  text: string;
  fields: readonly unknown[];
  done: number;
  expected: number;
  /** What it expects of other activities, by their type. */
  expects: Map<number, number>;
  phase?: string;
  lines: string[];
}

/**
 * What a run of Nix is at, from its log records. Sums as Nix's own progress bar does (progress-bar.cc): of each type of
 * activity what ended counts with what runs, and the greater of the expectations holds.
 */
export class Activities {
  readonly #running = new Map<string, Activity>();
  readonly #done = new Map<number, number>();
  readonly #expected = new Map<number, number>();
  /** Derivation → last lines of its log, of builds that ended. */
  readonly #ended = new Map<string, readonly string[]>();
  #began = false;

  take(record: LogRecord): void {
    if (record.action === 'start') this.#start(record);
    else if (record.action === 'stop') this.#stop(record.id);
    else if (record.action === 'result') this.#result(record);
  }

  /** Before anything is built or copied Nix evaluates. */
  get evaluating(): boolean {
    return !this.#began;
  }

  amount(type: number): Amount {
    let done = this.#done.get(type) ?? 0;
    let expected = done;
    for (const activity of this.#running.values()) {
      if (activity.type !== type) continue;
      done += activity.done;
      expected += activity.expected;
    }
    return { done, expected: Math.max(expected, this.#expected.get(type) ?? 0) };
  }

  builds(): RunningBuild[] {
    return [...this.#running.values()]
      .filter(({ type }) => type === ActivityType.build)
      .map(activity => ({
        derivation: derivationOf(activity),
        ...(activity.phase === undefined ? {} : { phase: activity.phase }),
        lines: activity.lines,
      }));
  }

  /** In Nix's own words what it does besides building: fetching, copying, querying. The newest. */
  doing(): string | undefined {
    return [...this.#running.values()]
      .filter(({ type, text }) => text !== '' && type !== ActivityType.build)
      .at(-1)?.text;
  }

  /** The last lines of a derivation's log, when it was built in this run. */
  logOf(derivation: string): readonly string[] | undefined {
    return this.#ended.get(derivation) ?? this.builds().find(build => build.derivation === derivation)?.lines;
  }

  #start({ id, type, text, fields }: LogRecord & { action: 'start' }): void {
    if (type === ActivityType.realise || type === ActivityType.builds) this.#began = true;
    this.#running.set(id, { type, text, fields, done: 0, expected: 0, expects: new Map(), lines: [] });
  }

  #stop(id: string): void {
    const activity = this.#running.get(id);
    if (!activity) return;
    this.#running.delete(id);
    add(this.#done, activity.type, activity.done);
    for (const [type, amount] of activity.expects) add(this.#expected, type, -amount);
    if (activity.type === ActivityType.build) this.#keep(activity);
  }

  #keep(build: Activity): void {
    this.#ended.set(derivationOf(build), build.lines);
    if (this.#ended.size > KEPT_BUILDS) this.#ended.delete(this.#ended.keys().next().value!);
  }

  #result({ id, type, fields }: LogRecord & { action: 'result' }): void {
    const activity = this.#running.get(id);
    if (!activity) return;
    if (type === ResultType.progress) {
      activity.done = numberOf(fields[0]);
      activity.expected = numberOf(fields[1]);
    } else if (type === ResultType.setExpected) {
      const of = numberOf(fields[0]);
      const amount = numberOf(fields[1]);
      add(this.#expected, of, amount - (activity.expects.get(of) ?? 0));
      activity.expects.set(of, amount);
    } else if (type === ResultType.setPhase) {
      activity.phase = plainText(String(fields[0]));
    } else if (type === ResultType.buildLogLine || type === ResultType.postBuildLogLine) {
      activity.lines.push(plainText(beginningOf(String(fields[0]))));
      if (activity.lines.length > KEPT_LINES) activity.lines.shift();
    }
  }
}

const derivationOf = ({ fields, text }: Activity): string =>
  typeof fields[0] === 'string' ? fields[0] : text;

const beginningOf = (line: string): string =>
  line.length > KEPT_CHARACTERS ? `${line.slice(0, KEPT_CHARACTERS)}…` : line;

const numberOf = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : 0;

function add(amounts: Map<number, number>, type: number, amount: number): void {
  amounts.set(type, (amounts.get(type) ?? 0) + amount);
}
