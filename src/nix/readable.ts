import { realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { NixError } from './error.js';

/**
 * What Nix code may read: folders, with all that is in them, as the pure evaluation of flakes has it. Where a path leads counts, not
 * how it is written: a link out of the folders is outside.
 */
export class Readable {
  readonly #roots: readonly string[];

  /** @param roots absolute paths; undefined where everything may be read */
  constructor(private readonly roots: readonly string[] | undefined) {
    this.#roots = [...new Set((roots ?? []).flatMap(root => [root, realPath(root)]))];
  }

  allows(path: string): boolean {
    return this.roots === undefined || this.#has(realPath(path));
  }

  refusal(path: string): NixError {
    const real = realPath(path);
    return new NixError('evaluation', {
      asked: `${path} is outside of the project, where an evaluation does not read`,
      found: `${real === path ? '' : `it leads to ${real}; `}the project is ${this.roots![0]}`,
      todo: 'copy it into the project, or allow it with --impure',
    });
  }

  #has(real: string): boolean {
    return this.#roots.some(root => real === root || real.startsWith(root.endsWith(sep) ? root : root + sep));
  }
}

/** Of what is not there, where it would be. */
function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), path.slice(parent.length));
  }
}
