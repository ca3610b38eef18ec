import { send } from './channel.js';

/** Milliseconds between two looks at whether what was begun has ended, and until listeners of `exit` have their turn. */
const LOOK = 10;
const PATIENCE = 2000;

/**
 * Ends this process as Node ends a program, so that code of cells can clean up: listeners of SIGTERM, then of `beforeExit`, with what
 * these begin, then of `exit`. What cells left running, a timer or a server, is not waited for; the front has the last word.
 */
export async function endInOrder(report: (error: unknown) => void): Promise<void> {
  send({ type: 'ending' });
  const before = active();
  const deadline = Date.now() + PATIENCE;
  const code = Number(process.exitCode ?? 0);
  for (const [event, value] of [
    ['SIGTERM', 'SIGTERM'],
    ['beforeExit', code],
  ] as const) {
    // One after the other, whatever comes of one of them.
    const listeners = process.rawListeners(event) as unknown as Array<(value: unknown) => unknown>;
    const begun = listeners.map(listener => settled(listener, value).catch(report));
    await Promise.race([Promise.all(begun), pause(deadline - Date.now())]);
    while (active() > before && Date.now() < deadline) await pause(LOOK);
  }
  try {
    process.exit();
  } catch (error) {
    report(error);
    process.exit(1);
  }
}

async function settled(listener: (value: unknown) => unknown, value: unknown): Promise<void> {
  await Reflect.apply(listener, process, [value]);
}

// Taken before cells may replace it.
const { setTimeout } = globalThis;
const pause = (milliseconds: number) =>
  new Promise<void>(resolve => void setTimeout(resolve, milliseconds).unref());

/** How many timers, requests, programs and the like keep this process alive. */
const active = (): number => process.getActiveResourcesInfo().length;
