import { Table } from '../../../src/index.js';
import { notebookCommands } from '../../commands.js';
import type { Magic } from '../magic.js';

export const lsmagic: Magic = {
  summary: 'list the magics',
  usage: ['%lsmagic'],
  async line({ display, allMagics }) {
    const rows = (await allMagics()).map(([name, { line, cell, summary }]) => ({
      magic: [line ? `%${name}` : '', cell ? `%%${name}` : ''].filter(Boolean).join(' '),
      'what it does': summary,
    }));
    display.show(new Table(rows));
    display.write(
      `Verbs of %nxc: ${Object.keys(notebookCommands).join(', ')}. A ? behind a name explains it.\n`,
    );
  },
};
