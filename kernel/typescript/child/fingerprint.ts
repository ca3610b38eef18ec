import { createHash } from 'node:crypto';
import { readFileSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseSync } from 'oxc-parser';

interface Known {
  modified: number;
  imports: string[];
}

const known = new Map<string, Known>();

/**
 * A name for the state of a file and of every file of the user's that it imports. As part of a module's URL it makes
 * Node load again what changed, and what imports it, and nothing else.
 */
export function fingerprint(file: string): string {
  const hash = createHash('sha1');
  for (const [path, modified] of [...reachable(file)].sort()) hash.update(`${path}\n${modified}\n`);
  return hash.digest('hex').slice(0, 12);
}

function reachable(file: string, found = new Map<string, number>()): Map<string, number> {
  if (found.has(file)) return found;
  const stat = statOf(file);
  if (!stat?.isFile()) return found;
  found.set(file, stat.mtimeMs);
  for (const imported of importsOf(file, stat.mtimeMs)) {
    const base = resolve(dirname(file), imported);
    for (const path of candidates(base)) reachable(path, found);
  }
  return found;
}

/** Undefined where nothing is, or where a file is in the place of a folder. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Every file that an import may mean; that one of them appears is a change, too. */
function candidates(base: string): string[] {
  const source = base.replace(/\.([mc]?)js(x?)$/, '.$1ts$2');
  return [
    base,
    source,
    `${base}.ts`,
    `${base}.mts`,
    `${base}.tsx`,
    `${base}.js`,
    `${base}.mjs`,
    `${base}/index.ts`,
  ];
}

function importsOf(file: string, modified: number): string[] {
  if (!/\.[mc]?[jt]sx?$/.test(file)) return [];
  const earlier = known.get(file);
  if (earlier?.modified === modified) return earlier.imports;
  const { module } = parseSync(file, readFileSync(file, 'utf8'));
  const requests = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.map(({ moduleRequest }) => moduleRequest?.value ?? ''),
    ),
  ];
  const imports = [...new Set(requests)].filter(request => /^\.{1,2}\//.test(request));
  known.set(file, { modified, imports });
  return imports;
}
