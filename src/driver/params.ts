import { isObject } from '../is-object.js';
import { CallError } from './calls.js';
import { shown } from './shown.js';

/** Parameters of a call, checked one by one: what has the wrong type is a CallError that names it. */
export class Params {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(
    readonly method: string,
    values: unknown,
  ) {
    if (values !== undefined && values !== null && (typeof values !== 'object' || Array.isArray(values))) {
      throw new CallError({ asked: `${method} takes an object`, found: shown(values) });
    }
    this.#values = (values ?? {}) as Record<string, unknown>;
  }

  text(name: string): string {
    return this.#one(name, 'text', value => typeof value === 'string') as string;
  }

  optionalText(name: string): string | undefined {
    return this.#optional(name, 'text', value => typeof value === 'string') as string | undefined;
  }

  number(name: string): number {
    return this.#one(name, 'a number', Number.isFinite) as number;
  }

  optionalNumber(name: string): number | undefined {
    return this.#optional(name, 'a number', Number.isFinite) as number | undefined;
  }

  /** At least 1. */
  optionalCount(name: string): number | undefined {
    const counts = (value: unknown) => Number.isInteger(value) && (value as number) > 0;
    return this.#optional(name, 'a whole number from 1 on', counts) as number | undefined;
  }

  texts(name: string): string[] {
    const texts = (value: unknown) => Array.isArray(value) && value.every(one => typeof one === 'string');
    return this.#one(name, 'a list of texts', texts) as string[];
  }

  optionalObject(name: string): Record<string, unknown> | undefined {
    return this.#optional(name, 'an object', isObject) as Record<string, unknown> | undefined;
  }

  object(name: string): Record<string, unknown> {
    return this.#one(name, 'an object', isObject) as Record<string, unknown>;
  }

  objects(name: string): Array<Record<string, unknown>> {
    const objects = (value: unknown) => Array.isArray(value) && value.every(isObject);
    return this.#one(name, 'a list of objects', objects) as Array<Record<string, unknown>>;
  }

  /** All of them, unchecked. */
  get all(): Readonly<Record<string, unknown>> {
    return this.#values;
  }

  #optional(name: string, wanted: string, fits: (value: unknown) => boolean): unknown {
    const value = this.#values[name];
    return value === undefined || value === null ? undefined : this.#one(name, wanted, fits);
  }

  #one(name: string, wanted: string, fits: (value: unknown) => boolean): unknown {
    const value = this.#values[name];
    if (fits(value)) return value;
    throw new CallError({ asked: `${this.method} needs ${name}: ${wanted}`, found: shown(value) });
  }
}
