import { formatDuration, parseDuration } from '../duration.js';
import { NxcError } from '../errors.js';
import { nearest } from '../suggest.js';

/** What becomes of what a node sends. */
export interface Shaping {
  /** Bits a second, at most. */
  rate?: number;
  /** Milliseconds that everything is late. */
  delay?: number;
  /** Part that is lost, from 0 to 1. */
  loss?: number;
}

/** A rate, delay or loss that cannot be read, or not be had. */
export class ShapingError extends NxcError {}

/** tc's own units (tc(8)): `bit` and `bps` are bits and bytes a second. */
const units: Readonly<Record<string, number>> = {
  bit: 1,
  kbit: 1e3,
  mbit: 1e6,
  gbit: 1e9,
  bps: 8,
  kbps: 8e3,
  mbps: 8e6,
  gbps: 8e9,
};

/** Bits a second. */
export function parseRate(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z/]*)$/i.exec(text.trim()) ?? [];
  const factor = Object.hasOwn(units, unit.toLowerCase()) ? units[unit.toLowerCase()]! : undefined;
  if (amount === undefined || factor === undefined) {
    throw new ShapingError({
      asked: `"${text}" is not a rate`,
      ...(unit
        ? { nearest: nearest(unit.toLowerCase(), Object.keys(units)).map(name => amount + name) }
        : {}),
      todo: `write a number and a unit, 10mbit; units are ${Object.keys(units).join(', ')} (bps: bytes a second)`,
    });
  }
  const rate = Number(amount) * factor;
  if (rate >= 1e3 && rate <= 1e11) return rate;
  throw new ShapingError({
    asked: `a rate of ${text} cannot be set`,
    found: 'rates go from 1kbit to 100gbit',
  });
}

/** Milliseconds. */
export function parseDelay(text: string): number {
  const delay = parseDuration(text);
  if (delay === undefined)
    throw new ShapingError({ asked: `"${text}" is not a delay`, todo: 'write 20ms or 1.5s' });
  if (delay > 0 && delay <= 60_000) return delay;
  throw new ShapingError({ asked: `a delay of ${text} cannot be set`, found: 'delays go up to 60s' });
}

/** From 0 to 1. */
export function parseLoss(text: string): number {
  const [, percent] = /^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim()) ?? [];
  if (percent === undefined)
    throw new ShapingError({ asked: `"${text}" is not a loss`, todo: 'write it in percent: 1%' });
  const loss = Number(percent) / 100;
  if (loss > 0 && loss <= 1) return loss;
  throw new ShapingError({
    asked: `a loss of ${text} cannot be set`,
    found: 'losses go from above 0% to 100%',
  });
}

export function formatRate(rate: number): string {
  const [unit, factor] = (
    [
      ['gbit', 1e9],
      ['mbit', 1e6],
      ['kbit', 1e3],
    ] as const
  ).find(one => rate >= one[1]) ?? ['bit', 1];
  return `${Number((rate / factor).toPrecision(3))}${unit}`;
}

export const formatLoss = (loss: number): string => `${Number((loss * 100).toPrecision(2))}%`;

/** `10mbit, 20 ms, 1%` */
export const formatShaping = ({ rate, delay, loss }: Shaping): string =>
  [
    rate === undefined ? '' : formatRate(rate),
    delay === undefined ? '' : formatDuration(delay),
    loss === undefined ? '' : formatLoss(loss),
  ]
    .filter(Boolean)
    .join(', ');

/** After `server sends`. */
export const inWords = ({ rate, delay, loss }: Shaping): string =>
  [
    rate === undefined ? '' : `at most ${formatRate(rate)}`,
    delay === undefined ? '' : `${formatDuration(delay)} late`,
    loss === undefined ? '' : `${formatLoss(loss)} in vain`,
  ]
    .filter(Boolean)
    .join(', ');

/** The queueing discipline that does it: netem for delay and loss, tbf where a rate is all, since every kernel has that. */
export function disciplineOf({ rate, delay, loss }: Shaping): string[] {
  const bits = rate === undefined ? [] : ['rate', `${Math.round(rate)}bit`];
  if (delay === undefined && loss === undefined) {
    // Enough for two full frames, and for the timer of a fast link to be late by 10 ms.
    const burst = Math.max(2 * 1514, Math.round((rate ?? 0) / 8 / 100));
    return ['tbf', ...bits, 'burst', String(burst), 'latency', '100ms'];
  }
  return [
    'netem',
    // Packets on their way; by default 1000, which a fast link has sent before the first one arrives.
    ...['limit', '100000'],
    ...(delay === undefined ? [] : ['delay', `${Math.round(delay * 1000)}us`]),
    ...(loss === undefined ? [] : ['loss', `${Number((loss * 100).toFixed(6))}%`]),
    ...bits,
  ];
}

interface Discipline {
  kind: string;
  root?: boolean;
  dev?: string;
  options?: {
    /** Of tbf, bytes a second. */
    rate?: number | { rate: number };
    /** Of netem, seconds. */
    delay?: { delay: number };
    'loss-random'?: { loss: number };
  };
}

/** What `tc -json qdisc show` tells of our disciplines; none when nothing is set. */
export function shapingsIn(json: string): Array<{ link: string; shaping: Shaping }> {
  return (JSON.parse(json) as Discipline[])
    .filter(({ kind, root }) => root && (kind === 'tbf' || kind === 'netem'))
    .map(({ dev = '', options = {} }) => {
      const { delay, 'loss-random': loss } = options;
      const rate = typeof options.rate === 'object' ? options.rate.rate : options.rate;
      return {
        link: dev,
        shaping: {
          ...(rate === undefined ? {} : { rate: rate * 8 }),
          ...(delay === undefined ? {} : { delay: delay.delay * 1000 }),
          ...(loss === undefined ? {} : { loss: loss.loss }),
        },
      };
    });
}
