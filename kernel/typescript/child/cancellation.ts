import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import promises from 'node:timers/promises';
import { promisify } from 'node:util';
import { currentCell } from './cell-context.js';

type Callback = (...values: unknown[]) => void;
type Start = (callback: Callback, ...rest: unknown[]) => NodeJS.Timeout;
type Delay = (...values: unknown[]) => unknown;

/**
 * An interrupt ends a cell that waits, but the functions it called would go on behind its back: a promise cannot be
 * cancelled from outside. So timers and fetches of an interrupted cell end with it, as its calls of the front do.
 */
export function cancelWithCell(): void {
  // With the position of the options among the arguments of the promised version.
  for (const [name, options] of [
    ['setTimeout', 2],
    ['setInterval', 2],
    ['setImmediate', 1],
  ] as const) {
    const delay = promised(promises[name] as Delay, options);
    Object.assign(promises, { [name]: delay });
    const wrapped = muted(timers[name] as unknown as Start);
    Object.defineProperty(wrapped, promisify.custom, { value: delay });
    Object.defineProperty(wrapped, 'name', { value: name });
    Object.assign(timers, { [name]: wrapped });
    Object.assign(globalThis, { [name]: wrapped });
  }
  syncBuiltinESMExports();
  const { fetch } = globalThis;
  globalThis.fetch = (resource, init) =>
    fetch(resource, {
      ...init,
      signal: withCell(init?.signal ?? (resource instanceof Request ? resource.signal : undefined)),
    });
}

function muted(start: Start): Start {
  return (callback, ...rest) => {
    const cell = currentCell();
    if (!cell || typeof callback !== 'function') return start(callback, ...rest);
    const timer = start(
      (...values) => {
        if (cell.interrupted) timers.clearInterval(timer);
        else callback(...values);
      },
      ...rest,
    );
    return timer;
  };
}

function promised(delay: Delay, position: number): Delay {
  return (...values) => {
    const options = (values[position] ?? {}) as { signal?: AbortSignal };
    const signal = withCell(options.signal);
    const all = Array.from({ length: position }, (_, i) => values[i]);
    return signal ? delay(...all, { ...options, signal }) : delay(...values);
  };
}

/** The given signal, or the calling cell's, whichever aborts first. */
function withCell(own: AbortSignal | null | undefined): AbortSignal | null {
  const cell = currentCell()?.signal;
  return own && cell ? AbortSignal.any([own, cell]) : (own ?? cell ?? null);
}
