import { dirname, resolve } from 'node:path';
import { Attrs } from '../attrs.js';
import { coerceToText } from '../coerce.js';
import { NixError } from '../error.js';
import { expectAttrs, expectBool, expectString } from '../expect.js';
import { digest, hashAlgorithm } from '../hash.js';
import { select } from '../select.js';
import { contextOf, withContext } from '../text.js';
import { force, type Lazy, NixPath } from '../value.js';
import type { Builtins, Workshop } from './builtin.js';

export function fileBuiltins({ evaluation, files, store, importFile }: Workshop): Builtins {
  const pathOf = (lazy: Lazy): string => {
    const path = String(coerceToText(evaluation, lazy));
    if (path.startsWith('/')) return resolve(path);
    throw new NixError('evaluation', {
      asked: `'${path}' is not an absolute path`,
      todo: 'write it as a path, like ./file.nix, without quotes',
    });
  };
  /** Places below the folder that the filter wants; it is not asked about what is in a folder that it does not want. */
  const wanted = (filter: Lazy, folder: string, inside = ''): string[] =>
    files.entries(folder).flatMap(({ name, type }) => {
      const path = `${folder === '/' ? '' : folder}/${name}`;
      if (!expectBool(evaluation.call(filter, path, type))) return [];
      return type === 'directory' ? wanted(filter, path, `${inside}${name}/`) : [inside + name];
    });
  const addFiltered = (filter: Lazy, path: string) =>
    files.type(path) === 'directory'
      ? store.addPath(path, wanted(filter, path))
      : store.addPath(files.checked(path));
  return {
    import: path => importFile(pathOf(path)),
    scopedImport: (scope, path) => importFile(pathOf(path), expectAttrs(scope)),
    readFile: path => files.read(pathOf(path)).toString(),
    readDir: path => Attrs.from(files.entries(pathOf(path)).map(({ name, type }) => [name, type] as const)),
    readFileType: path => files.type(pathOf(path)),
    pathExists: path => files.exists(pathOf(path)),
    hashFile: (algorithm, path) => {
      return digest(hashAlgorithm(expectString(algorithm)), files.read(pathOf(path))).toString('hex');
    },
    dirOf: value => {
      const path = force(value);
      if (path instanceof NixPath) return new NixPath(dirname(path.path));
      const text = coerceToText(evaluation, path);
      const at = String(text).lastIndexOf('/');
      return withContext(at === -1 ? '.' : at === 0 ? '/' : String(text).slice(0, at), contextOf(text));
    },
    toPath: path => pathOf(path),
    path: argument => {
      const path = pathOf(select(argument, 'path'));
      const filter = expectAttrs(argument).get('filter');
      return filter === undefined ? files.copy(path) : addFiltered(filter, path);
    },
    filterSource: (filter, path) => addFiltered(filter, pathOf(path)),
    toFile: (name, content) => store.addText(expectString(name), expectString(content)),
  };
}
