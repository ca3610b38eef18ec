import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import {
  assetPath,
  InterruptedError,
  type Notifications,
  type WorkspaceChange,
} from '../../../src/client.js';
import type { Outcome, Preload } from '../evaluator.js';
import type { ToChild } from '../messages.js';
import { cancelWithCell } from './cancellation.js';
import { CellContext, currentCell } from './cell-context.js';
import { listen, send } from './channel.js';
import { captureDescriptors } from './descriptors.js';
import { endInOrder } from './ending.js';
import { runBinding, runCell, runExpression } from './evaluate.js';
import { captureOutput, write } from './output.js';
import { captureProgramOutput, closeOutputs } from './programs.js';
import { describe, propertiesOf } from './properties.js';
import { receiveAnswer, rpc } from './requests.js';
import { requireTypeScript } from './required-files.js';
import { installRuntime } from './runtime.js';
import { showUserStacks } from './stack.js';
import { hear, heard, stop } from './stop.js';
import { hookThreads } from './threads.js';
import { toCellError, tracebackText } from './traceback.js';
import { follow, shareWorkspace } from './workspace.js';

// The evaluator child runs TypeScript cells apart from the front, so that what they do to their process stays there.

const running = new Map<number, CellContext>();
const listeners = new Map<string, Array<(params: unknown) => void>>();

const notifications: Notifications = {
  on(method, listener) {
    listeners.set(method, [...(listeners.get(method) ?? []), listener]);
  },
};
notifications.on('cwd', directory => follow({ cwd: String(directory) }));
notifications.on('env', variables => follow({ env: variables as NonNullable<WorkspaceChange['env']> }));

/** An error that reached nobody: shown in the cell that caused it, unless the cell's interrupt did. */
function report(error: unknown): void {
  if (!currentCell()?.interrupted && !(error instanceof InterruptedError))
    write('stderr', tracebackText(error));
}

/** `preload`: a module that adds globals. */
export function serve(preload: string | undefined): void {
  // Ctrl-C of the whole process group is for the programs that cells started.
  process.on('SIGINT', () => {});
  process.on('uncaughtException', report);
  process.on('unhandledRejection', report);
  shareWorkspace();
  captureOutput();
  captureDescriptors();
  captureProgramOutput();
  cancelWithCell();
  requireTypeScript();
  showUserStacks();
  if (preload) {
    const { default: addGlobals } = createRequire(import.meta.url)(preload) as { default: Preload };
    addGlobals(globalThis, rpc, notifications);
  }
  installRuntime(globalThis);
  new Worker(assetPath('dist/kernel/typescript/child/watchdog.cjs'), {
    workerData: { heard, stop },
    stdout: true,
    stderr: true,
  }).unref();
  // The watchdog is not the user's.
  hookThreads();
  listen(receive);
  send({ type: 'ready' });
}

function receive(message: ToChild): void {
  switch (message.type) {
    case 'run':
      void start(message.id, message.cell.cellId, context => runCell(message.cell, context));
      break;
    case 'evaluate':
      void start(message.id, undefined, context => runExpression(message.expression, context));
      break;
    case 'bind':
      void start(message.id, undefined, context => runBinding(message.name, message.value, context));
      break;
    case 'properties':
      send({ type: 'properties', id: message.id, names: propertiesOf(message.expression) });
      break;
    case 'describe':
      send({ type: 'description', id: message.id, text: describe(message.expression) ?? null });
      break;
    case 'interrupt':
      interrupt(message.turn, message.id);
      break;
    case 'answer':
      receiveAnswer(message);
      break;
    case 'notify':
      for (const listener of listeners.get(message.method) ?? []) tell(listener, message.params);
      break;
    case 'end':
      void endInOrder(report);
  }
}

/** Whatever comes of it, the messages that came with this one are dealt with. */
function tell(listener: (params: unknown) => void, params: unknown): void {
  try {
    listener(params);
  } catch (error) {
    report(error);
  }
}

async function start(
  id: number,
  cellId: string | undefined,
  run: (context: CellContext) => ReturnType<typeof runCell>,
) {
  const context = new CellContext(cellId);
  running.set(id, context);
  const outcome = await run(context);
  running.delete(id);
  context.ended = true;
  closeOutputs(context);
  sendOutcome(id, outcome);
}

/** A cell always ends: an outcome that cannot be sent is an error that can. */
function sendOutcome(id: number, outcome: Outcome): void {
  try {
    send({ type: 'outcome', id, outcome });
  } catch (error) {
    send({ type: 'outcome', id, outcome: { ok: false, error: toCellError(error) } });
  }
}

function interrupt(turn: number, id: number | undefined): void {
  hear(turn);
  for (const [one, context] of running) if (id === undefined || id === one) context.interrupt();
}
