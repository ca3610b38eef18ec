import { realpathSync } from 'node:fs';
import { delimiter, dirname, join, sep } from 'node:path';
import { assetPath } from '../../src/assets.js';

export interface Launcher {
  node: string;
  /** What node runs: the `nxc` executable. */
  main: string;
}

/**
 * Paths that start this very program and still do after an upgrade. Package managers keep versions in the real paths (Homebrew's
 * Cellar, the Nix store, pnpm's store) and give a stable link on the PATH, so such a link is taken where it leads here; the
 * real path otherwise. With nvm that is the Node version the package was installed with, and with a package of a project
 * its node_modules: both last as long as what they start.
 */
export function findLauncher(env: NodeJS.ProcessEnv = process.env): Launcher {
  const main = realpathSync(assetPath('dist/kernel/main.cjs'));
  return { node: stable('node', process.execPath, env), main: stable('nxc', main, env) };
}

/** Whether the package lies in npx's cache, which npm may empty at any time. */
export function isTemporary({ main }: Launcher): boolean {
  return main.includes(`${sep}_npx${sep}`);
}

function stable(name: string, real: string, env: NodeJS.ProcessEnv): string {
  const target = realpathSync(real);
  const links = (env.PATH ?? '')
    .split(delimiter)
    .filter(folder => folder.startsWith('/') && !isOfSession(folder, env))
    .map(folder => join(folder, name));
  return links.find(link => link !== target && leadsTo(link, target)) ?? target;
}

function leadsTo(link: string, target: string): boolean {
  try {
    return realpathSync(link) === target;
  } catch {
    return false;
  }
}

/** Folders that vanish with the shell or the command: fnm's multishells, `nix develop`, npx and `npm run`. */
function isOfSession(folder: string, env: NodeJS.ProcessEnv): boolean {
  return (
    [env.TMPDIR || '/tmp', '/run/user', '/nix/store'].some(
      root => folder === root || folder.startsWith(root + sep),
    ) ||
    folder.includes('fnm_multishells') ||
    folder.endsWith(join('node_modules', '.bin')) ||
    dirname(folder).endsWith('_npx')
  );
}
