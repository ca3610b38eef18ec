import { NxcError } from '../errors.js';
import type { CounterSource } from '../metrics/counters.js';
import { nearest } from '../suggest.js';
import type { Flavour } from './flavour.js';
import type { DeploymentRecord } from './record.js';

interface Loaders {
  flavour(): Promise<Flavour>;
  /** Apart from the rest: whoever measures needs nothing else, and runs as long as the deployment does. */
  counters(): Promise<{ counters(record: DeploymentRecord): CounterSource }>;
}

/** Flavours by name, loaded when asked for. A new flavour is an entry here and a folder. */
const loaders: Record<string, Loaders> = {
  local: {
    flavour: async () => (await import('./local/index.js')).local,
    counters: () => import('./local/counters.js'),
  },
  docker: {
    flavour: async () => (await import('./docker/index.js')).docker,
    counters: () => import('./docker/counters.js'),
  },
};

export const flavourNames = (): string[] => Object.keys(loaders);

/** The default of a project that names none: it needs nothing but Node. */
export const defaultFlavour = 'local';

export async function loadFlavour(name: string): Promise<Flavour> {
  return loadersOf(name).flavour();
}

export const loadCounters = async (name: string): Promise<(record: DeploymentRecord) => CounterSource> =>
  (await loadersOf(name).counters()).counters;

function loadersOf(name: string): Loaders {
  if (Object.hasOwn(loaders, name)) return loaders[name]!;
  throw new NxcError({
    asked: `there is no flavour "${name}"`,
    nearest: nearest(name, flavourNames()),
    found: `flavours are ${flavourNames().join(', ')}`,
  });
}
