import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { writeAtomically } from '../atomic-write.js';
import { isObject } from '../is-object.js';
import { readRegularText } from '../read-regular.js';
import { parseBuildName } from './build-link.js';
import { readProvenance } from './build-provenance.js';
import { toDistribution } from './distribution.js';
import { CompositionError } from './errors.js';
import { resolveBuildLink, resolveStorePath } from './store.js';
import type { Build, BuildSetup } from './types.js';

type Json = Record<string, unknown>;

/** What the compose-info documents of all flavours (upstream's nix/compose.nix) say of one composition. */
interface Essentials {
  flavour: string;
  roles: string[];
  rolesDistribution?: unknown;
  /** Absolute path of the Python source. */
  testScript?: string;
}

/** Reads build/<composition>::<flavour>, whichever flavour wrote it. `name` is for links that lie elsewhere. */
export async function readBuild(link: string, name = parseBuildName(basename(link))): Promise<Build> {
  const file = resolveBuildLink(link);
  const text = await readText(file, `the build ${link}`, 'nxc build');
  const info = parseDocument(text, link);
  const essentials = essentialsOf(info, name.composition, link);
  const ours = info['x-nxc'] as { hash?: string; setup?: BuildSetup } | undefined;
  const setup = ours ? ours.setup : await readProvenance(link, { ...name, flavour: essentials.flavour });
  return {
    composition: name.composition,
    flavour: essentials.flavour,
    link,
    roles: essentials.roles,
    ...(essentials.rolesDistribution !== undefined && {
      rolesDistribution: toDistribution(essentials.rolesDistribution, `roles_distribution of ${link}`),
    }),
    ...(essentials.testScript !== undefined && {
      testScript: await readText(resolveStorePath(essentials.testScript), `the test script of ${link}`),
    }),
    info,
    hash: ours?.hash ?? createHash('sha256').update(text).digest('hex'),
    ...(setup && { setup }),
  };
}

/** Writes a compose-info document as `nix build` would leave it, whole or not at all. */
export async function writeComposeInfo(link: string, info: Json): Promise<void> {
  await writeAtomically(link, `${JSON.stringify(info)}\n`, { mode: 0o600, folderMode: 0o700 });
}

function essentialsOf(info: Json, composition: string, link: string): Essentials {
  if (isObject(info.compositions_info)) return ofImage(info, info.compositions_info, composition, link);
  // nspawn's inner key is the literal word, whatever the composition is called.
  const roles = Array.isArray(info.roles) ? info.roles : undefined;
  if (typeof info.flavour !== 'string' || !roles?.every(role => typeof role === 'string')) {
    throw notComposeInfo(link);
  }
  return {
    flavour: info.flavour,
    roles: [...roles].sort(),
    rolesDistribution: info.roles_distribution,
    testScript: info.test_script as string | undefined,
  };
}

/** vm, vm-ramdisk and g5k-*: one image may hold several compositions. */
function ofImage(info: Json, compositions: Json, composition: string, link: string): Essentials {
  const names = Object.keys(compositions);
  // An image of all of them, as `-C ::vm` builds; which one is started is told at the start.
  const all = composition === '' && names.length > 1;
  const key = compositions[composition] || names.length !== 1 ? composition : names[0]!;
  const found = compositions[key];
  const flavour = isObject(info.flavour) ? info.flavour.name : info.flavour;
  if (typeof flavour !== 'string') throw notComposeInfo(link);
  if (all) return { flavour, roles: rolesOf(compositions) };
  if (!isObject(found) || !isObject(found.roles)) {
    throw new CompositionError({
      asked: `${link} has no composition "${composition}"`,
      found: names.join(', ') || 'none',
      todo: 'choose one with -C composition::flavour',
    });
  }
  return {
    flavour,
    roles: Object.keys(found.roles).sort(),
    rolesDistribution: found.roles_distribution,
    testScript: found.test_script as string | undefined,
  };
}

function rolesOf(compositions: Json): string[] {
  const roles = Object.values(compositions).flatMap(one =>
    isObject(one) && isObject(one.roles) ? Object.keys(one.roles) : [],
  );
  return [...new Set(roles)].sort();
}

async function readText(file: string, what: string, todo?: string): Promise<string> {
  try {
    return readRegularText(file);
  } catch (error) {
    throw new CompositionError({
      asked: `cannot read ${what}`,
      found: (error as Error).message,
      todo,
      cause: error,
    });
  }
}

function parseDocument(text: string, link: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch (error) {
    throw notComposeInfo(link, error);
  }
  throw notComposeInfo(link);
}

function notComposeInfo(link: string, cause?: unknown): CompositionError {
  return new CompositionError({
    asked: `${link} is not a build of NixOS Compose`,
    found: cause instanceof Error ? cause.message : 'no flavour and roles in it',
    todo: 'remove it and build again',
    cause,
  });
}
