import type { NixOptions } from './run.js';
import { runNix } from './run.js';

/** System (`x86_64-linux`) → names of its packages. */
export type PackageNames = Readonly<Record<string, readonly string[]>>;

const NAMES = `builtins.mapAttrs (system: set:
  let names = builtins.tryEval (builtins.attrNames set); in if names.success then names.value else [ ])`;

/** The packages of a flake, without looking into any: one that is broken is listed too. Undefined when the flake has none. */
export async function packageNames(
  flake: string,
  options: Omit<NixOptions, 'onLine'>,
): Promise<PackageNames | undefined> {
  const { status, stdout } = await runNix(['eval', '--json', `${flake}#packages`, '--apply', NAMES], options);
  return status === 0 ? (JSON.parse(stdout) as PackageNames) : undefined;
}
