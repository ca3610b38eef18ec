import { setMaxListeners } from 'node:events';

/** A signal that every node of a deployment may listen to. Node takes more than ten listeners for a leak, and warns of it. */
export function shared(signal: AbortSignal): AbortSignal {
  setMaxListeners(0, signal);
  return signal;
}

/** Aborts with the first of them. */
export const anyOf = (...signals: readonly AbortSignal[]): AbortSignal =>
  shared(AbortSignal.any([...signals]));

/** A controller whose signal is shared. */
export function sharedController(): AbortController {
  const controller = new AbortController();
  shared(controller.signal);
  return controller;
}
