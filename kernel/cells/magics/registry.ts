/** The magics: one file each beside this one, and one line here. */
import { nearest } from '../../../src/index.js';
import type { Magic } from '../magic.js';
import { MagicError } from '../words.js';
import { elsewhere } from './elsewhere.js';

type Form = '%' | '%%';

const loaders: Readonly<Record<string, () => Promise<Magic>>> = {
  nxc: async () => (await import('./nxc.js')).nxc,
  node: async () => (await import('./node.js')).node,
  writefile: async () => (await import('./writefile.js')).writefile,
  sh: async () => (await import('./sh.js')).sh,
  cd: async () => (await import('./cd.js')).cd,
  env: async () => (await import('./env.js')).env,
  time: async () => (await import('./time.js')).time,
  typecheck: async () => (await import('./typecheck.js')).typecheck,
  lsmagic: async () => (await import('./lsmagic.js')).lsmagic,
};

export const isMagic = (name: string): boolean => Object.hasOwn(loaders, name);

/** All magics by name. */
export async function allMagics(): Promise<Array<[string, Magic]>> {
  return Promise.all(Object.entries(loaders).map(async ([name, load]) => [name, await load()]));
}

/** Undefined for a name that is none. */
export async function findMagic(name: string): Promise<Magic | undefined> {
  return isMagic(name) ? loaders[name]!() : undefined;
}

/** The magic of that name in that form: `%` for a line, `%%` for a cell. */
export async function loadMagic(name: string, form: Form): Promise<Magic> {
  const found = await findMagic(name);
  if (found && has(found, form)) return found;
  if (found) {
    throw new MagicError({
      asked: `${name} has no form ${form}${name}`,
      todo:
        form === '%' ? `write %%${name} on the first line of a cell` : `write %${name} on a line of its own`,
    });
  }
  const todo = elsewhere(name, form);
  throw new MagicError({
    asked: `there is no magic ${form}${name}`,
    ...(todo === undefined
      ? {
          nearest: await nearMagics(name, form),
          found: `magics are ${(await magicNames(form)).map(known => form + known).join(' ')}`,
        }
      : { todo }),
  });
}

/** Magics of nearly this name, in this form if they have it. */
export async function nearMagics(name: string, form: Form): Promise<string[]> {
  const own = new Set(await magicNames(form));
  const other = form === '%' ? '%%' : '%';
  return nearest(name, Object.keys(loaders)).map(known => (own.has(known) ? form : other) + known);
}

/** Names of the magics that have this form. */
export async function magicNames(form: Form): Promise<string[]> {
  return (await allMagics()).filter(([, magic]) => has(magic, form)).map(([name]) => name);
}

const has = (magic: Magic, form: Form) => (form === '%' ? magic.line : magic.cell) !== undefined;
