import { join } from 'node:path';
import { parse, stringify } from 'smol-toml';
import { readRegularText } from '../read-regular.js';
import { type SetupChoice, selectedIn } from './setup.js';

type Tables = Record<string, Record<string, unknown>>;

/**
 * The text of setup.toml as a flake shall read it for one build: the variant selected, the parameters in its tables, nothing
 * left of earlier builds. What upstream's Nix code makes of it (nix/setup.nix) is what `loadSetup` says.
 */
export async function setupDocument(directory: string, { variant, params }: SetupChoice): Promise<string> {
  const tables = parse(readRegularText(join(directory, 'setup.toml'))) as Tables;
  delete tables['override-params'];
  const selected = variant ?? selectedIn(tables);
  const { selected: _, ...project } = tables.project ?? {};
  tables.project = selected === '' ? project : { ...project, selected };
  tables.params = { ...tables.params, ...params };
  const chosen = selected === '' ? undefined : tables[selected];
  // The variant is merged over the rest, and would win over what was given.
  if (chosen?.params) chosen.params = { ...chosen.params, ...params };
  return stringify(tables);
}
