import { NixFailed } from './errors.js';
import { plainText } from './internal-json.js';
import type { NixOptions } from './run.js';
import { runNix } from './run.js';

/** System (`x86_64-linux`) → names of its packages. */
export type PackageNames = Readonly<Record<string, readonly string[]>>;

const NAMES = `builtins.mapAttrs (system: set:
  let names = builtins.tryEval (builtins.attrNames set); in if names.success then names.value else [ ])`;

/** The packages of a flake, without looking into any: one that is broken is listed too. None when it has none. */
export async function packageNames(
  flake: string,
  options: Omit<NixOptions, 'onLine'>,
): Promise<PackageNames> {
  const words = ['eval', '--json', `${flake}#packages`, '--apply', NAMES];
  const said: string[] = [];
  const { status, stdout } = await runNix(words, { ...options, onLine: line => said.push(plainText(line)) });
  if (status === 0) return JSON.parse(stdout) as PackageNames;
  if (said.some(line => line.includes('does not provide attribute'))) return {};
  throw new NixFailed({ asked: `Nix cannot read the flake in ${options.cwd}`, found: said.join('\n') });
}
