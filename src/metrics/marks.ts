/** What was done to nodes and to their network, as plots mark it: written by whoever does it, read by whoever plots. */
import type { DeploymentRecord } from '../flavours/record.js';
import { type Span, Spans } from './spans.js';
import type { Entry, Mark } from './store/entry.js';
import { Store } from './store/store.js';

type Marked = Extract<Entry, { mark: Mark }> | Extract<Entry, { over: unknown }>;

/** Notes for plots that something began or ended. A mark that cannot be written is only missing in plots. */
export function note(record: DeploymentRecord, ...entries: Marked[]): void {
  new Store(record).append(entries);
}

/** `a`, `a and b`, `a, b and c` */
export function listed(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' and ');
}

/** What a plot says of a mark. */
export function sentence({ what, nodes, detail }: Mark): string {
  const of = nodes.length > 4 ? `${nodes.length} nodes` : listed(nodes);
  if (what === 'shaped') return `${of} ${nodes.length > 1 ? 'send' : 'sends'} ${detail}`;
  const were = nodes.length > 1 ? 'were' : 'was';
  return what === 'cut' ? `${of} ${were} cut off from ${detail}` : `${of} ${were} ${what}`;
}

/** The spans that the marks of a log amount to. */
export class Marks {
  readonly spans = new Spans();
  readonly #open = new Map<string, { mark: Mark; end(to: number): void }>();

  read(entry: Marked): void {
    if ('mark' in entry) {
      const { mark, at } = entry;
      const key = JSON.stringify([mark.what, mark.nodes, mark.what === 'cut' ? mark.detail : '']);
      const open = this.#open.get(key);
      // Done again while it lasts: only what is done to the network may be something else now.
      if (open && open.mark.detail === mark.detail) return;
      open?.end(at);
      const span: Span = {
        kind: mark.what === 'shaped' ? 'net' : 'fault',
        label: sentence(mark),
        from: at,
        mark,
      };
      this.#open.set(key, { mark, end: this.spans.begin(span) });
      return;
    }
    for (const [key, { mark, end }] of this.#open) {
      if (!entry.over.includes(mark.what)) continue;
      if (entry.nodes && !mark.nodes.every(node => entry.nodes!.includes(node))) continue;
      end(entry.at);
      this.#open.delete(key);
    }
  }
}
