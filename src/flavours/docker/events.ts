import { createInterface } from 'node:readline';
import type { Engine } from './engine/engine.js';
import { composeLabels, ofRun } from './labels.js';

export interface ContainerEvent {
  kind: 'create' | 'start' | 'die';
  node: string;
  /** Of a `die`. */
  status?: string;
}

/** What happens to the containers of a run from now on, until the signal aborts; the listener may throw nothing. */
export async function watchRun(
  engine: Engine,
  run: string,
  signal: AbortSignal,
  listener: (event: ContainerEvent) => void,
): Promise<void> {
  const { filters } = ofRun(run);
  const answer = await engine.stream('GET', '/events', {
    query: { filters: { ...filters, type: ['container'], event: ['create', 'start', 'die'] } },
    signal,
  });
  const lines = createInterface({ input: answer });
  // The end of the stream is not news: whoever waits for events has a request of its own that fails with the engine.
  lines.on('error', () => {});
  lines.on('line', line => {
    const { Action, Actor } = JSON.parse(line) as {
      Action: ContainerEvent['kind'];
      Actor: { Attributes: Record<string, string> };
    };
    const { [composeLabels.service]: node = '', exitCode } = Actor.Attributes;
    listener({ kind: Action, node, ...(exitCode === undefined ? {} : { status: exitCode }) });
  });
}
