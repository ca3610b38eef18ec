import { flavourCatalogue } from '../composition/flavour-catalogue.js';
import { Table } from '../display/table.js';
import { flavourNames } from '../flavours/registry.js';

/** The flavours that a project may name, and whether this program can start and stop them; all of them can be built. */
export const listFlavours = (): Table =>
  new Table(
    Object.values(flavourCatalogue).map(({ name, description }) => ({
      flavour: name,
      'runs here': flavourNames().includes(name) ? 'yes' : 'not in this version',
      description,
    })),
  );
