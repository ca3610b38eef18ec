import { isAbsolute } from 'node:path';

/** Whether a path, joined to a folder, names something in it: relative, each part of it a name. */
export const isInnerPath = (path: string): boolean =>
  !isAbsolute(path) && path.split('/').every(part => !['', '.', '..'].includes(part));
