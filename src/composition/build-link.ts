import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { asName, type Name, within } from '../name.js';
import { nearest } from '../suggest.js';
import { CompositionError } from './errors.js';

/** `<composition>::<flavour>`; the composition is empty for several in one image. */
export interface BuildName {
  composition: string;
  flavour: string;
}

export function formatBuildName({ composition, flavour }: BuildName): string {
  return `${composition}::${flavour}`;
}

/** `-C composition::flavour`. The flavour begins after the last `::`. */
export function parseBuildName(text: string): BuildName {
  const at = text.lastIndexOf('::');
  if (at >= 0 && text.length > at + 2) return { composition: text.slice(0, at), flavour: text.slice(at + 2) };
  throw new CompositionError({ asked: `cannot read "${text}"`, todo: 'write composition::flavour' });
}

/** What files of a build and of its deployment are called. */
export function buildFileName(name: BuildName): Name {
  // Empty for several compositions in one image.
  if (name.composition !== '') asName('composition', name.composition);
  return asName('build', formatBuildName(name));
}

/** artifact/<composition>/<flavour> of a project: what a build or a start writes besides. */
export function artifactFolder(directory: string, { composition, flavour }: BuildName): string {
  const own = composition === '' ? [] : [asName('composition', composition)];
  return join(within(join(directory, 'artifact'), ...own), flavour);
}

/** Absolute path of the link that a build leaves. */
export function buildLink(directory: string, name: BuildName): string {
  return within(join(directory, 'build'), buildFileName(name));
}

/** The builds of a project, newest first: a link's ctime tells, as upstream's `start` has it. */
export async function listBuilds(directory: string): Promise<Array<BuildName & { link: string }>> {
  const folder = join(directory, 'build');
  const names = (await readdir(folder).catch(() => [])).filter(name => /::[^:.]+$/.test(name));
  const dated = await Promise.all(
    names.map(async name => ({ name, at: (await lstat(join(folder, name))).ctimeMs })),
  );
  return dated
    .sort((a, b) => b.at - a.at || a.name.localeCompare(b.name))
    .map(({ name }) => ({ ...parseBuildName(name), link: join(folder, name) }));
}

/** The newest build that fits what was asked for; an error says what there is. */
export async function findBuild(
  directory: string,
  wanted: { composition?: string; flavour?: string } = {},
): Promise<BuildName & { link: string }> {
  const builds = await listBuilds(directory);
  const found = builds.find(
    build =>
      (wanted.composition ?? build.composition) === build.composition &&
      (wanted.flavour ?? build.flavour) === build.flavour,
  );
  if (found) return found;
  const names = builds.map(formatBuildName);
  throw new CompositionError({
    asked: `there is no build${describe(wanted)} in ${join(directory, 'build')}`,
    nearest: nearNames(wanted, builds),
    found: names.length ? names.join(', ') : 'no build',
    todo: buildCommand(wanted),
  });
}

/** A project of several compositions builds one only when it is named. */
function buildCommand({ composition, flavour }: Partial<BuildName>): string {
  if (flavour === undefined) return 'nxc build';
  return composition
    ? `nxc build -C ${formatBuildName({ composition, flavour })}`
    : `nxc build -f ${flavour}`;
}

function describe({ composition, flavour }: Partial<BuildName>): string {
  if (composition !== undefined && flavour !== undefined)
    return ` ${formatBuildName({ composition, flavour })}`;
  if (composition !== undefined) return ` of composition "${composition}"`;
  return flavour === undefined ? '' : ` for flavour "${flavour}"`;
}

/** Builds whose name is like the parts of it that were asked for. */
function nearNames({ composition, flavour }: Partial<BuildName>, builds: readonly BuildName[]): string[] {
  const part = (build: BuildName) =>
    [composition && build.composition, flavour && build.flavour].filter(Boolean).join('::');
  const near = nearest([composition, flavour].filter(Boolean).join('::'), builds.map(part));
  return near.flatMap(name => builds.filter(build => part(build) === name).map(formatBuildName));
}
