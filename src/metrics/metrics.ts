/**
 * What is measured: CPU, memory, network and disk of every node at 1 Hz from the start of a deployment, points that users
 * record, and the spans of cells, so that a plot can say what ran when. Kept in memory; plots and exports outlive it.
 */

import { resolveTargets } from '../composition/targets.js';
import type { Node } from '../composition/types.js';
import type { Deployment, DeploymentManager } from '../deployment/deployment.js';
import { parseDuration } from '../duration.js';
import { NxcError } from '../errors.js';
import { globPattern } from '../glob.js';
import { nearest } from '../suggest.js';
import { Collector } from './collector.js';
import { faultsOf } from './faults.js';
import { measured, type Sample } from './rates.js';
import { Series } from './series.js';
import { type Span, Spans } from './spans.js';

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

/** The metrics of what this manager deploys; collecting begins with the first call and follows the current deployment. */
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
  #collector: Collector | undefined;
  #run: string | undefined;
  #faults: Spans | undefined;
  #began = Date.now();

  /** Collects of this deployment from now on; of none when there is none. What was collected stays. */
  follow(deployment: Deployment | undefined): void {
    const record = deployment?.record;
    const run = record?.['x-nxc'].run;
    if (run === this.#run) return;
    this.#collector?.stop();
    this.#collector = undefined;
    this.#run = run;
    if (!deployment || !record) return;
    this.#began = Date.now();
    this.#faults = faultsOf(deployment);
    for (const node of deployment.nodes) this.#roles.set(node.name, node.role);
    this.#collector = new Collector(deployment.flavour.counters(record), {
      add: (node, sample) => this.#add(node, sample),
      missing: (node, at) => this.#gap(node, at),
    }).start();
  }

  /** Adds a point of the user's own. */
  record(name: string, value: number, { node = '', unit = '', at = Date.now() } = {}): void {
    if (typeof value !== 'number' || Number.isNaN(value)) {
      throw new MetricError({
        asked: `metric ${name} was given ${JSON.stringify(value)}`,
        todo: 'give a number',
      });
    }
    this.#add(node, { metric: name, unit, at, value });
  }

  /** The nodes of the deployments that were followed. */
  get nodes(): Node[] {
    return [...this.#roles].map(([name, role]) => ({ name, role }));
  }

  names(): string[] {
    return [...new Set([...Object.keys(measured), ...[...this.#series.values()].map(one => one.metric)])];
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
      const groups = known.map(name => name.split('.')[0]!);
      throw new MetricError({
        asked: `there is no metric "${word}"`,
        nearest: nearest(word, [...known, ...groups]),
        found: `metrics are ${[...new Set(groups)].join(', ')}`,
      });
    });
    return [...new Set(found)];
  }

  select({ names, nodes, since }: MetricQuery = {}): Selection {
    const wanted = this.resolve(names);
    const to = Date.now();
    const { from, origin } = this.#since(since, to);
    const chosen =
      nodes === undefined ? undefined : new Set(resolveTargets(this.nodes, nodes).map(node => node.name));
    const series = [...this.#series.values()]
      .filter(one => wanted.includes(one.metric) && (!chosen || chosen.has(one.node)))
      .filter(one => (one.last?.at ?? 0) >= from)
      .sort((a, b) => wanted.indexOf(a.metric) - wanted.indexOf(b.metric))
      .map(one => ({ series: one, role: this.#roles.get(one.node) ?? '' }));
    return {
      series,
      from,
      to,
      origin,
      spans: [...this.spans.between(from, to), ...(this.#faults?.between(from, to) ?? [])],
    };
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
    series.push(at, value);
  }

  #gap(node: string, at: number): void {
    for (const series of this.#series.values()) {
      if (series.node === node && series.metric in measured) series.gap(at);
    }
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
