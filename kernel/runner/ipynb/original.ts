import type { JsonObject } from './notebook.js';

/** What a notebook, cell or output was read from, and must be written as where nothing changed it. */
const originals = new WeakMap<object, JsonObject>();

export function remember<T extends object>(read: T, raw: JsonObject): T {
  originals.set(read, raw);
  return read;
}

export const originalOf = (read: object): JsonObject | undefined => originals.get(read);
