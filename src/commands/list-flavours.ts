import { Table } from '../display/table.js';
import { flavourNames, loadFlavour } from '../flavours/registry.js';

/** The flavours that this program can build, start and stop. */
export async function listFlavours(): Promise<Table> {
  const flavours = await Promise.all(flavourNames().map(loadFlavour));
  return new Table(flavours.map(({ name, description }) => ({ flavour: name, description })));
}
