import { join } from 'node:path';
import { asName, within } from '../../name.js';
import * as flavours from '../run-folder.js';

/** The runtime folder of one deployment: its roles' layers and its nodes. When a node starts again, the launcher forgets that it was off (node/serve.sh). */
export class RunFolder extends flavours.RunFolder {
  constructor(run: string) {
    super('', run);
  }

  role(name: string): string {
    return within(join(this.path, 'roles'), asName('role', name));
  }

  static runs(): string[] {
    return flavours.runsOf('');
  }
}
