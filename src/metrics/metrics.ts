/**
 * What is measured: CPU, memory, network and disk of every node at 1 Hz from the start of a deployment, points that users
 * record, and when cells ran and faults lasted, so that a plot can say what ran when. A process of its own measures
 * (sampler-process.ts) into a log beside the deployment's record (store/), which every kernel and terminal reads; plots and
 * exports outlive the deployment in the process that has read it.
 */

import { resolveTargets } from '../composition/targets.js';
import type { Node } from '../composition/types.js';
import type { Deployment, DeploymentManager } from '../deployment/deployment.js';
import { parseDuration } from '../duration.js';
import { NxcError } from '../errors.js';
import { globPattern } from '../glob.js';
import { nearest } from '../suggest.js';
import { Followed } from './followed.js';
import { groupOf, measured, type Sample } from './rates.js';
import { Series } from './series.js';
import { type Span, Spans } from './spans.js';
import type { Absence } from './store/entry.js';

/** A metric, node or time that cannot be found or understood. */
export class MetricError extends NxcError {}

export interface MetricQuery {
  /** Metric names; `network` means all that begin with `network.`, globs work. All metrics when absent. */
  names?: string | readonly string[];
  /** Targets: names, `@role`, globs, comma lists. All nodes when absent. */
  nodes?: string | readonly string[];
  /** `In[4]` (since that cell began), a duration (`30s`), an ISO time. The start of the newest deployment when absent. */
  since?: string;
}

export interface MetricRow {
  metric: string;
  node: string;
  role: string;
  unit: string;
  /** Unix time in milliseconds. */
  at: number;
  /** Seconds since the beginning of what was asked for. */
  seconds: number;
  /** NaN is a gap. */
  value: number;
}

export interface Selection {
  series: Array<{ series: Series; role: string }>;
  /** Unix time in milliseconds. */
  from: number;
  to: number;
  /** What happened at `from`, after the word since: `In[4] began`. */
  origin: string;
  spans: readonly Span[];
}

const followers = new WeakMap<DeploymentManager, Metrics>();

/** The metrics of what this manager deploys: of the current deployment, whoever started it. */
export function metricsOf(manager: DeploymentManager): Metrics {
  const known = followers.get(manager);
  if (known) return known;
  const metrics = new Metrics();
  followers.set(manager, metrics);
  manager.onChange(deployment => metrics.follow(deployment));
  return metrics;
}

export class Metrics {
  readonly spans = new Spans();
  readonly #series = new Map<string, Series>();
  readonly #roles = new Map<string, string>();
  /** By run: what was read of a log is not read again. */
  readonly #followed = new Map<string, Followed>();
  #current: Followed | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #created = Date.now();

  /** Reads of this deployment from now on; of none when there is none. What was read stays, also when it was stopped. */
  follow(deployment: Deployment | undefined): void {
    this.refresh();
    const record = deployment?.record;
    const run = record?.['x-nxc'].run;
    if (run === this.#current?.run) return;
    clearInterval(this.#timer);
    this.#current?.flush();
    this.#current = undefined;
    if (!deployment || !record) return;
    for (const node of deployment.nodes) this.#roles.set(node.name, node.role);
    let followed = this.#followed.get(run!);
    if (!followed) {
      followed = new Followed(record);
      this.#followed.set(run!, followed);
    }
    this.#current = followed;
    for (const span of this.spans.lasting()) followed.begin(span);
    this.refresh();
    // What is removed with the deployment was read by then.
    this.#timer = setInterval(() => this.refresh(), 1000).unref();
  }

  /** Reads what was measured and marked since the last time. */
  refresh(): void {
    const followed = this.#current;
    followed?.read({
      sample: (node, sample) => this.#add(node, sample),
      gap: (node, at) => this.#gap(node, at),
      cell: span => this.spans.begin(span),
    });
  }

  /** Whether points may still come by themselves. */
  get isFollowing(): boolean {
    return this.#current !== undefined;
  }

  /** Why nothing comes any more, where that is known. */
  get problem(): string | undefined {
    return this.#current?.problem;
  }

  /** What cannot be measured of the current deployment, and why, by group of metrics. */
  get absent(): Readonly<Record<string, Absence>> {
    return this.#current?.absent ?? {};
  }

  /** Adds a point of the user's own. */
  record(name: string, value: number, { node = '', unit = '', at = Date.now() } = {}): void {
    if (typeof value !== 'number' || Number.isNaN(value)) {
      throw new MetricError({
        asked: `metric ${name} was given ${JSON.stringify(value)}`,
        todo: 'give a number',
      });
    }
    const known = [...this.#series.values()].find(one => one.metric === name && one.unit !== '')?.unit;
    if (known !== undefined && unit !== '' && unit !== known) {
      throw new MetricError({
        asked: `metric ${name} is in ${known}, and was given a value in ${unit}`,
        todo: `convert the value, or give it a name of its own: ${name}.${unit.replace(/\W/g, '') || 'other'}`,
      });
    }
    this.#add(node, { metric: name, unit, at, value });
    this.#current?.point(name, value, { node, unit, at });
  }

  /** A cell begins: call what it gives when it has ended. */
  beginCell(label: string): () => void {
    const span: Span = { kind: 'cell', label, from: Date.now() };
    const end = this.spans.begin(span);
    this.#current?.begin(span);
    return () => {
      end();
      for (const followed of this.#followed.values()) followed.end(span);
    };
  }

  /** The nodes of the deployments that were followed. */
  get nodes(): Node[] {
    return [...this.#roles].map(([name, role]) => ({ name, role }));
  }

  names(): string[] {
    const lacking = Object.entries(this.absent).flatMap(([group, { nodes }]) => (nodes ? [] : [group]));
    const can = Object.keys(measured).filter(metric => !lacking.includes(groupOf(metric)));
    return [...new Set([...can, ...[...this.#series.values()].map(one => one.metric)])];
  }

  /** What `names` means, in the order asked for. A word that means nothing is a MetricError with the nearest names. */
  resolve(names: string | readonly string[] | undefined): string[] {
    const known = this.names();
    if (names === undefined) return known;
    const words = (typeof names === 'string' ? [names] : names)
      .flatMap(word => word.split(','))
      .map(w => w.trim());
    const found = words.filter(Boolean).flatMap(word => {
      const patterns = [globPattern(word), globPattern(`${word}.*`)];
      const matching = known.filter(name => patterns.some(pattern => pattern.test(name)));
      if (matching.length > 0) return matching;
      const groups = known.map(groupOf);
      const lacking = this.#lacking(word);
      if (lacking) {
        if (words.length > 1) return [];
        throw new MetricError({
          asked: `${lacking} is not measured here`,
          found: this.absent[lacking]!.reason,
          todo: `metrics are ${[...new Set(groups)].join(', ')}`,
        });
      }
      throw new MetricError({
        asked: `there is no metric "${word}"`,
        nearest: nearest(word, [...known, ...groups]),
        found: `metrics are ${[...new Set(groups)].join(', ')}`,
      });
    });
    return [...new Set(found)];
  }

  /** A line for each group of metrics, of those asked for, that is absent from the answer. */
  notices(names?: string | readonly string[]): string[] {
    const words = names === undefined ? undefined : [names].flat().flatMap(word => word.split(','));
    const problem = this.problem === undefined ? [] : [`nothing is measured at the moment: ${this.problem}`];
    const loss = this.#current?.loss;
    const lacking = Object.entries(this.absent)
      .filter(([group]) => !words || words.some(word => this.#lacking(word.trim()) === group))
      .map(
        ([group, { reason, nodes }]) =>
          `${group} is not measured${nodes ? ` on ${nodes.join(', ')}` : ''}: ${reason}`,
      );
    return [...problem, ...(loss === undefined ? [] : [loss]), ...lacking];
  }

  /** The group that a word means, when that is absent. */
  #lacking(word: string): string | undefined {
    const patterns = [globPattern(word), globPattern(`${word}.*`)];
    return Object.keys(measured)
      .filter(name => patterns.some(pattern => pattern.test(name)))
      .map(groupOf)
      .find(group => Object.hasOwn(this.absent, group));
  }

  select({ names, nodes, since }: MetricQuery = {}): Selection {
    this.refresh();
    const wanted = this.resolve(names);
    const to = Date.now();
    const { from, origin } = this.#since(since, to);
    const chosen =
      nodes === undefined ? undefined : new Set(resolveTargets(this.nodes, nodes).map(node => node.name));
    // Whichever was read first, nodes stand in the deployment's order, and what is of no node before them.
    const places = ['', ...this.#roles.keys()];
    const series = [...this.#series.values()]
      .filter(one => wanted.includes(one.metric) && (!chosen || chosen.has(one.node)))
      .filter(one => (one.last?.at ?? 0) >= from)
      .sort(
        (a, b) =>
          wanted.indexOf(a.metric) - wanted.indexOf(b.metric) ||
          places.indexOf(a.node) - places.indexOf(b.node),
      )
      .map(one => ({ series: one, role: this.#roles.get(one.node) ?? '' }));
    return {
      series,
      from,
      to,
      origin,
      spans: [...this.spans.between(from, to), ...this.#marks().between(from, to)],
    };
  }

  /** What to say where `query` has no point. */
  nothingYet(query: MetricQuery): MetricError {
    return new MetricError({
      asked: `nothing was measured yet of ${this.resolve(query.names).join(', ')}`,
      todo: 'start a deployment (nxc start) and give it a few seconds, or record points with metrics.record',
    });
  }

  rows(query: MetricQuery = {}): MetricRow[] {
    const { series, from } = this.select(query);
    return series.flatMap(({ series: one, role }) =>
      one.points(from).map(({ at, value }) => ({
        metric: one.metric,
        node: one.node,
        role,
        unit: one.unit,
        at,
        seconds: (at - from) / 1000,
        value,
      })),
    );
  }

  /** The newest value of every series. */
  latest(query: MetricQuery = {}): MetricRow[] {
    const newest = new Map(this.rows(query).map(row => [`${row.metric} ${row.node}`, row]));
    return [...newest.values()].filter(row => !Number.isNaN(row.value));
  }

  #add(node: string, { metric, unit, at, value }: Sample): void {
    const key = `${metric} ${node}`;
    let series = this.#series.get(key);
    if (!series) {
      series = new Series(metric, node, unit);
      this.#series.set(key, series);
    }
    if (series.unit === '') series.unit = unit;
    series.push(at, value);
  }

  #gap(node: string, at: number): void {
    for (const series of this.#series.values()) {
      if (series.node === node && series.metric in measured) series.gap(at);
    }
  }

  /** Of what is current, else of what was last. */
  #marks(): Spans {
    return (this.#current ?? [...this.#followed.values()].at(-1))?.marks.spans ?? new Spans();
  }

  get #began(): number {
    return (this.#current ?? [...this.#followed.values()].at(-1))?.began ?? this.#created;
  }

  #since(since: string | undefined, now: number): Pick<Selection, 'from' | 'origin'> {
    if (since === undefined) return { from: this.#began, origin: 'the deployment started' };
    const clock = (from: number) => ({ from, origin: new Date(from).toTimeString().slice(0, 8) });
    const ago = parseDuration(since);
    if (ago !== undefined) return clock(now - ago);
    const span = this.spans.find(since.trim());
    if (span) return { from: span.from, origin: `${span.label} began` };
    const time = /^\d{4}-/.test(since) ? Date.parse(since) : Number.NaN;
    if (!Number.isNaN(time)) return clock(time);
    throw new MetricError({
      asked: `"${since}" is not a time to begin at`,
      nearest: nearest(since, this.spans.labels()),
      todo: 'give a cell that has run (In[4]), a duration (30s, 5m, 1h) or an ISO time',
    });
  }
}
