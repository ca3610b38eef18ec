import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { toDistribution } from './distribution.js';
import { DistributionError } from './errors.js';
import type { RolesDistribution } from './types.js';

/**
 * A roles file of `start`: YAML or JSON, role → number | list of names. Upstream's tag `!DefaultRole n` marks the role
 * that takes at least n nodes and what is left of a reservation; without one it is n.
 */
export async function readDistributionFile(file: string): Promise<RolesDistribution> {
  const word = basename(file);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new DistributionError({
      asked: `cannot read the roles file ${file}`,
      found: (error as Error).message,
      ...(word.includes('=') ? { todo: `roles and their nodes are given with -r: -r ${word}` } : {}),
      cause: error,
    });
  }
  const { parseDocument } = await import('yaml');
  // JSON is a subset of YAML, so one reader does.
  const document = parseDocument(text, {
    customTags: [{ tag: '!DefaultRole', resolve: (amount: string) => Number(amount) }],
  });
  const [fault] = [...document.errors, ...document.warnings];
  if (fault) {
    throw new DistributionError({ asked: `${file} is not a valid roles file`, found: fault.message });
  }
  return toDistribution(document.toJS(), file);
}
