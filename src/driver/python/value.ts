import type { MimeBundle, Renderable } from '../../display/bundle.js';
import { isRows, Table } from '../../display/table.js';

/** Representations as nxc_driver makes them; `rows` when the value reads as a table. */
export interface ValueBundle extends MimeBundle {
  rows?: unknown;
}

/** The value of a cell's last line. */
export class ScriptValue implements Renderable {
  constructor(private readonly bundle: ValueBundle) {}

  toMimeBundle(): MimeBundle {
    const { rows, ...bundle } = this.bundle;
    return isRows(rows) ? { ...bundle, ...new Table(rows).toMimeBundle() } : bundle;
  }
}
