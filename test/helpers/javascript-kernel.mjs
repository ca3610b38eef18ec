// A kernel whose cells are JavaScript in a node:vm context: the smallest real interpreter, to test session and wire with.
// Run with: node test/helpers/javascript-kernel.mjs CONNECTION_FILE
import { AsyncLocalStorage } from 'node:async_hooks';
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { format, inspect } from 'node:util';
import vm from 'node:vm';
import { serveKernel } from '../../dist/kernel/session/serve.js';

const cells = new AsyncLocalStorage();
const output = () => cells.getStore().output;
const plain = value => ({ 'text/plain': inspect(value) });

const context = vm.createContext({
  console: {
    log: (...values) => output().stream('stdout', `${format(...values)}\n`),
    error: (...values) => output().stream('stderr', `${format(...values)}\n`),
  },
  display: (value, options) => output().display(value?.['text/plain'] ? value : plain(value), options),
  clearOutput: ({ wait = false } = {}) => output().clear(wait),
  input: (prompt, options) => output().input(prompt, options),
  sleep: ms => new Promise(resolve => setTimeout(resolve, ms)),
  setTimeout,
  spawn,
  process,
});

function failure(error) {
  if (!(error instanceof Error) && typeof error?.message !== 'string') error = new Error(String(error));
  return { ename: error.name, evalue: error.message, traceback: String(error.stack).split('\n') };
}

const interpreter = {
  execute: cell =>
    cells.run(cell, async () => {
      try {
        const interrupted = new Promise((_, reject) => {
          cell.signal.addEventListener('abort', () => reject(cell.signal.reason));
        });
        const value = await Promise.race([vm.runInContext(cell.code, context), interrupted]);
        if (value !== undefined) cell.output.result(plain(value));
      } catch (error) {
        return failure(error);
      }
    }),
  async evaluate(expression) {
    try {
      return { data: plain(vm.runInContext(expression, context)), metadata: {} };
    } catch (error) {
      return failure(error);
    }
  },
  async complete(code, cursor) {
    const [word] = /[\w$]*$/.exec(code.slice(0, cursor));
    const matches = Object.keys(context).filter(name => name.startsWith(word));
    const types = matches.map(text => ({ text, type: typeof context[text] }));
    return { matches, start: cursor - word.length, end: cursor, types };
  },
  async inspect(code, cursor) {
    const [word] = /[\w$]*$/.exec(code.slice(0, cursor));
    return word in context ? plain(context[word]) : undefined;
  },
  async isComplete(code) {
    try {
      new vm.Script(code);
      return { status: 'complete' };
    } catch ({ message }) {
      return /end of input|Unterminated template/.test(message)
        ? { status: 'incomplete', indent: '  ' }
        : { status: 'invalid' };
    }
  },
  async interrupt() {},
  async shutdown(restart) {
    const log = process.env.TEST_SHUTDOWN_LOG;
    if (log) appendFileSync(log, JSON.stringify({ restart }));
  },
};

await serveKernel({ connectionFile: process.argv[2], interpreter: async () => interpreter });
