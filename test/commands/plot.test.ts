import { expect, it } from 'vitest';
import { plot } from '../../src/commands/plot.js';
import { InterruptedError } from '../../src/errors.js';
import { createManager } from '../../src/index.js';
import { RecordingDisplay } from '../driver/harness.js';

it('a live plot ends with a Ctrl-C that came before it was drawn', async () => {
  const manager = createManager();
  // Nothing needs to run to be interrupted.
  manager.require = async () => undefined as never;
  const interruption = new AbortController();
  interruption.abort(new InterruptedError());
  const context = {
    workspace: { cwd: '/', env: {} },
    display: new RecordingDisplay(),
    signal: interruption.signal,
    manager,
    front: 'terminal' as const,
  };
  expect(await plot.run([], { live: true }, context)).toBe(0);
  await manager.close();
});
