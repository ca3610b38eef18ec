/** How many cells' late output and calls still find their way. */
const CELLS = 1000;

/** Something of each of the last cells, by their ids. */
export class Remembered<T> extends Map<string, T> {
  override set(id: string, value: T): this {
    super.set(id, value);
    const [oldest] = this.keys();
    if (this.size > CELLS) this.delete(oldest!);
    return this;
  }
}
