import { getPriority, setPriority } from 'node:os';
import type { LanguageAnswer, LanguageMethod, LanguageRequest, LanguageRequests } from './messages.js';
import { LanguageModel } from './model.js';

// The language process: tslab's TypeScript, which takes seconds to start and hundreds of megabytes. Started by
// `language-process.ts` over Node's own IPC when somebody first asks; it never runs a cell's code.

type Handlers = {
  [Method in LanguageMethod]: (
    parameters: LanguageRequests[Method]['parameters'],
  ) => LanguageRequests[Method]['result'];
};

// Cells come first; much lower, and who waits for an answer on a busy machine would wait for a minute.
setPriority(Math.min(getPriority() + 4, 19));
process.on('disconnect', () => process.exit());
const model = new LanguageModel();
const handlers: Handlers = {
  learn({ code }) {
    model.learn(code);
    return model.learned;
  },
  restore({ learned }) {
    model.learned = learned;
    return null;
  },
  declare({ declarations }) {
    model.declare(declarations);
    return null;
  },
  complete: ({ code, cursor }) => model.complete(code, cursor),
  inspect: ({ code, cursor }) => model.inspect(code, cursor) ?? null,
  diagnose: ({ code }) => model.diagnose(code),
};

process.on('message', ({ id, method, parameters }: LanguageRequest) => {
  try {
    answer({ id, result: handlers[method](parameters as never) });
  } catch (error) {
    answer({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
answer({ ready: true });

function answer(message: LanguageAnswer): void {
  process.send!(message);
}
