import type { Job, JobContext } from '../jobs/job.js';
import { askNix } from '../nix-cli/ask.js';
import { nearest } from '../suggest.js';
import { type BuildName, parseBuildName } from './build-link.js';
import { CompositionError } from './errors.js';
import { explainFailure, isMissingOutput } from './nix-failure.js';
import type { NixTarget } from './nix-target.js';
import { nixSystem } from './packages/derivation.js';

/** System (`x86_64-linux`) → names of its packages. */
export type PackageNames = Readonly<Record<string, readonly string[]>>;

const NAMES = `builtins.mapAttrs (system: set:
  let names = builtins.tryEval (builtins.attrNames set); in if names.success then names.value else [ ])`;

/** The packages of a flake, without looking into any: one that is broken is listed too. None when it has none. */
export async function packageNames(
  flake: string,
  context: { cwd: string; job: Job; jobs: JobContext },
): Promise<PackageNames> {
  const words = ['eval', '--json', `${flake}#packages`, '--apply', NAMES];
  const { status, stdout, progress } = await askNix(words, context);
  if (status === 0) return JSON.parse(stdout) as PackageNames;
  if (isMissingOutput(progress)) return {};
  throw await explainFailure('the flake', context.cwd, progress);
}

/** What a flake builds, of everything that it has for this machine. */
export function buildNames(packages: PackageNames, system = nixSystem()): BuildName[] {
  return (packages[system] ?? []).filter(name => /::[^:]+$/.test(name)).map(parseBuildName);
}

/**
 * The composition that can be meant when the flake does not have the target: the only one of its flavour, unless it was asked for
 * by name. Otherwise an error that says what there is.
 */
export function otherComposition(
  target: NixTarget,
  { named, packages }: { named: boolean; packages: PackageNames },
): string {
  const { flavour } = target;
  const builds = buildNames(packages);
  const fitting = builds.filter(build => build.flavour === flavour && build.composition !== '');
  if (!named && fitting.length === 1) return fitting[0]!.composition;
  throw missingOutput(target, { several: !named && fitting.length > 1, packages, builds });
}

function missingOutput(
  { attribute, flavour }: NixTarget,
  { several, packages, builds }: { several: boolean; packages: PackageNames; builds: readonly BuildName[] },
): CompositionError {
  const names = builds.map(({ composition, flavour }) => `${composition}::${flavour}`);
  const systems = Object.keys(packages).filter(system => packages[system]!.length > 0);
  if (names.length === 0 && systems.some(system => system !== nixSystem())) {
    return new CompositionError({
      asked: `the flake builds nothing for this machine, a ${nixSystem()}`,
      found: `packages for ${systems.join(', ')}`,
      todo: `add ${nixSystem()} to flake.nix, or build on one of these systems`,
    });
  }
  const offer = names.find(name => name.endsWith(`::${flavour}`)) ?? names[0];
  return new CompositionError({
    asked: several
      ? `the flake has several compositions for ${flavour}`
      : `the flake has no "${attribute}" among its packages`,
    nearest: several ? [] : nearBuilds(attribute, builds),
    found: names.join(', ') || 'no build of NixOS Compose',
    todo: offer
      ? `choose one: nxc build -C ${offer}`
      : `flake.nix needs packages.${nixSystem()} = nxc.lib.compose { … }`,
  });
}

/** Of the flavour that was asked for, when there are any: names are long enough to all look alike with it. */
function nearBuilds(attribute: string, builds: readonly BuildName[]): string[] {
  const { composition, flavour } = parseBuildName(attribute);
  const same = builds.filter(build => build.flavour === flavour).map(build => build.composition);
  const near = nearest(composition, same).map(name => `${name}::${flavour}`);
  if (near.length > 0) return near;
  const flavours = builds.filter(build => build.composition === composition).map(build => build.flavour);
  return nearest(flavour, flavours).map(name => `${composition}::${name}`);
}
