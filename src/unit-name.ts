import { nearest } from './suggest.js';

const suffixes = /\.(service|socket|target|mount|automount|timer|path|slice|scope|device|swap)$/;

/** systemctl takes `web` for `web.service`; messages and logs need the full name. */
export function unitName(unit: string): string {
  return suffixes.test(unit) ? unit : `${unit}.service`;
}

/** Of the units that exist those that may have been meant; a suffix is alike too often to count. */
export function nearestUnits(unit: string, known: readonly string[]): string[] {
  const bare = (name: string) => name.replace(suffixes, '');
  const near = nearest(bare(unit), known.map(bare));
  return near.flatMap(name => known.filter(one => bare(one) === name));
}
