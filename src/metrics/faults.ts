import { Spans } from './spans.js';

const logs = new WeakMap<object, Spans>();

/** The faults that this process caused in a deployment, for its plots. */
export function faultsOf(deployment: object): Spans {
  const known = logs.get(deployment);
  if (known) return known;
  const made = new Spans('fault');
  logs.set(deployment, made);
  return made;
}
