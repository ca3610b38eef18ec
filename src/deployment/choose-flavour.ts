import type { Project } from '../composition/types.js';
import { defaultFlavour } from '../flavours/registry.js';

/** The flavour a build is for: asked for, else setup.toml's `options.flavour`, else nxc.json's default, else `local`. */
export async function chooseFlavour(
  project: Project,
  { asked, setup }: { asked?: string; setup?: string },
): Promise<string> {
  if (asked !== undefined) return asked;
  const { loadSetup } = await import('../composition/setup.js');
  const { options } = await loadSetup(project.directory, setup === undefined ? {} : { variant: setup });
  const named = options.flavour ?? project.settings.default_flavour;
  return typeof named === 'string' ? named : defaultFlavour;
}
