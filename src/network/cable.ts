import { ip, links } from './tools.js';

/**
 * Takes down every link of a node but the loopback. The kernel forgets the routes over a link with that, except the ones that
 * come with its addresses; so the others are kept where they outlive this process: in the link's alias.
 */
export async function unplug(inNetwork: readonly string[], signal: AbortSignal): Promise<void> {
  for (const link of await links(inNetwork, signal)) {
    if (!link.up) continue;
    const routes = (await ip(inNetwork, signal, ['route', 'show', 'dev', link.name]))
      .split('\n')
      .map(route => route.trim())
      .filter(route => route && !route.includes('proto kernel'));
    if (routes.length > 0) {
      await ip(inNetwork, signal, ['link', 'set', link.name, 'alias', `${mark}${routes.join(separator)}`]);
    }
    await ip(inNetwork, signal, ['link', 'set', link.name, 'down']);
  }
}

/** Undoes `unplug`. */
export async function plug(inNetwork: readonly string[], signal: AbortSignal): Promise<void> {
  for (const link of await links(inNetwork, signal)) {
    if (!link.up) await ip(inNetwork, signal, ['link', 'set', link.name, 'up']);
    if (!link.alias?.startsWith(mark)) continue;
    for (const route of link.alias.slice(mark.length).split(separator)) {
      await ip(inNetwork, signal, ['route', 'replace', ...route.split(/\s+/), 'dev', link.name]);
    }
    await ip(inNetwork, signal, ['link', 'set', link.name, 'alias', '']);
  }
}

const mark = 'nxc routes: ';
const separator = '; ';
