import { NxcError } from '../errors.js';
import { nearest } from '../suggest.js';
import type { Flavour } from './flavour.js';

/** Flavours by name, loaded when asked for. A new flavour is one line here and one folder. */
const loaders: Record<string, () => Promise<Flavour>> = {
  local: async () => (await import('./local/index.js')).local,
  docker: async () => (await import('./docker/index.js')).docker,
};

export const flavourNames = (): string[] => Object.keys(loaders);

/** The default of a project that names none: it needs nothing but Node. */
export const defaultFlavour = 'local';

export async function loadFlavour(name: string): Promise<Flavour> {
  const load = Object.hasOwn(loaders, name) ? loaders[name] : undefined;
  if (load) return load();
  throw new NxcError({
    asked: `there is no flavour "${name}"`,
    nearest: nearest(name, flavourNames()),
    found: `flavours are ${flavourNames().join(', ')}`,
  });
}
