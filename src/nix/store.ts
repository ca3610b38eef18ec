import { NixError } from './error.js';
import type { Text } from './text.js';

/** What stands in for the Nix store. */
export interface Store {
  /**
   * What a path becomes when it is put into a string, as in `"${./file}"`; Nix would copy it to the store.
   *
   * @param wanted of a folder, the places below it of the files that are wanted; without it, all of them
   */
  addPath(path: string, wanted?: readonly string[]): Text;
  /** `builtins.toFile name content`. */
  addText(name: string, content: string): Text;
}

/** No store at all: paths stay where they are, and nothing can be written. */
export const noStore: Store = {
  addPath: path => path,
  addText: name => {
    throw new NixError('evaluation', {
      asked: `builtins.toFile "${name}" writes to the Nix store, and there is none here`,
      todo: 'keep the text in a file of the project and refer to it by its path',
    });
  },
};
