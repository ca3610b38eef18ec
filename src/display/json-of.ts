import { types } from 'node:util';

/** What JSON has for a value, and in words what it has not: a front-end shows JSON and nothing else. */
export interface AsJson {
  json: unknown;
  /** Each a sentence that names the field: `data.values[].ms is NaN (2 values), shown as text`. */
  notes: string[];
}

/** What front-ends and their servers, Python among them, take without trouble. */
const DEEPEST = 200;
/** What one display may weigh: 1 for each value and more for each object. What is shared counts each time, as JSON writes it each time. */
const HEAVIEST = 10_000_000;
const OBJECT = 10;
/** Fields of one display that are named. */
const MOST_NOTES = 5;

/** Replaces what JSON lacks by what says the same: `drawn` for a plot, where a text in place of a number would be drawn wrong. */
export function jsonOf(value: unknown, { drawn = false } = {}): AsJson {
  const conversion = new Conversion(drawn);
  const json = conversion.of(value, '', 0);
  return { json: json === undefined ? null : json, notes: conversion.notes() };
}

class Conversion {
  readonly #faults = new Map<string, number>();
  readonly #above = new Set<object>();
  #left = HEAVIEST;

  constructor(private readonly drawn: boolean) {}

  /** Undefined for what JSON leaves out. */
  of(value: unknown, path: string, depth: number): unknown {
    switch (typeof value) {
      case 'number':
        return Number.isFinite(value)
          ? value
          : this.#instead(path, `is ${value}`, this.drawn ? null : `${value}`);
      case 'bigint':
        return this.#integer(value, path);
      case 'function':
      case 'symbol':
        return this.#fault(path, `is a ${typeof value} and left out`);
      case 'object':
        return value === null ? null : this.#object(value, path, depth);
      default:
        return value;
    }
  }

  notes(): string[] {
    const all = [...this.#faults].map(([sentence, count]) => {
      const [place, rest] = sentence.split('\0') as [string, string];
      return `${place}${count > 1 ? ` (${count} values)` : ''} ${rest}`;
    });
    const more = all.length - MOST_NOTES;
    return more > 0 ? [...all.slice(0, MOST_NOTES), `so do ${more} more`] : all;
  }

  #integer(value: bigint, path: string): unknown {
    if (BigInt(Number(value)) === value && Number.isSafeInteger(Number(value))) return Number(value);
    return this.drawn
      ? this.#instead(path, 'is beyond 2^53', Number(value), 'drawn as the nearest number')
      : this.#instead(path, 'is beyond 2^53', `${value}`);
  }

  #object(value: object, path: string, depth: number): unknown {
    if (this.#above.has(value)) return this.#instead(path, 'refers to what it is part of', '[circular]');
    if (depth > DEEPEST) return this.#instead(path, `is nested more than ${DEEPEST} levels deep`, '[deeper]');
    this.#left -= OBJECT;
    if (this.#left < 0) return this.#instead('', 'is too large to be shown whole', '[more]');
    this.#above.add(value);
    try {
      return this.#parts(value, path, depth + 1);
    } catch (error) {
      const reason = error instanceof Error ? error.message : typeof error;
      return this.#instead(path, `cannot be read: ${reason}`, '[unreadable]');
    } finally {
      this.#above.delete(value);
    }
  }

  #parts(value: object, path: string, depth: number): unknown {
    const place = `${path}[]`;
    const list = (items: Iterable<unknown>) => {
      const shown: unknown[] = [];
      for (const item of items) {
        shown.push(this.of(item, place, depth) ?? null);
        if (--this.#left < 0) return this.#instead('', 'is too large to be shown whole', shown, 'cut');
      }
      return shown;
    };
    if (Array.isArray(value) || types.isSet(value)) return list(value);
    if (types.isMap(value)) {
      const named = [...value.keys()].every(key => typeof key === 'string');
      return named ? this.#fields([...(value as Map<string, unknown>)], path, depth) : list(value);
    }
    if (types.isDate(value) && Number.isNaN(value.getTime()))
      return this.#instead(path, 'is a date that is none', this.drawn ? null : 'Invalid Date');
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === 'function') return this.of(toJSON.call(value, ''), path, depth);
    if (ArrayBuffer.isView(value) && !types.isDataView(value))
      return list(value as unknown as Iterable<unknown>);
    if (types.isBoxedPrimitive(value)) return this.of(value.valueOf(), path, depth);
    if (types.isRegExp(value)) return String(value);
    if (types.isNativeError(value))
      return this.#fields(
        [['name', value.name], ['message', value.message], ...Object.entries(value)],
        path,
        depth,
      );
    if (
      types.isAnyArrayBuffer(value) ||
      types.isDataView(value) ||
      types.isPromise(value) ||
      types.isWeakMap(value) ||
      types.isWeakSet(value)
    )
      return this.#fault(path, `is a ${Object.prototype.toString.call(value).slice(8, -1)} and left out`);
    return this.#fields(
      Object.keys(value).map(key => [key, value] as const),
      path,
      depth,
      true,
    );
  }

  #fields(
    entries: ReadonlyArray<readonly [string, unknown]>,
    path: string,
    depth: number,
    owner = false,
  ): Record<string, unknown> {
    const fields: Array<[string, unknown]> = [];
    for (const [key, given] of entries) {
      const place = path === '' ? key : `${path}.${key}`;
      const value = owner ? this.#read(given as Record<string, unknown>, key, place) : given;
      const json = this.of(value, place, depth);
      if (json !== undefined) fields.push([key, json]);
    }
    return Object.fromEntries(fields);
  }

  #read(owner: Record<string, unknown>, key: string, path: string): unknown {
    try {
      return owner[key];
    } catch (error) {
      return this.#fault(path, `cannot be read: ${error instanceof Error ? error.message : typeof error}`);
    }
  }

  #instead<Json>(path: string, what: string, json: Json, how?: string): Json {
    this.#fault(path, `${what}, ${how ?? (json === null ? 'not drawn' : 'shown as text')}`);
    return json;
  }

  #fault(path: string, what: string): undefined {
    const sentence = `${path || 'it'}\0${what}`;
    this.#faults.set(sentence, (this.#faults.get(sentence) ?? 0) + 1);
  }
}
