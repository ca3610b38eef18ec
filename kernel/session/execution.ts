import { InterruptedError, NxcError } from '../../src/errors.js';
import { sharedController } from '../../src/shared-signal.js';
import type { Content } from '../protocol/message.js';
import { cellError, errorReply } from './cell-error.js';
import type { Exchange } from './exchange.js';
import type { Ended, ExecuteSteps } from './execute-queue.js';
import { optional, text } from './fields.js';
import type { History } from './history.js';
import type { CellError, Interpreter } from './interpreter.js';
import { Output } from './output.js';
import type { Stdin } from './stdin.js';

/** A cell that is not run: one before it failed, or what would run it ends. */
class Aborted extends NxcError {}

/** What cells run in. */
interface Surroundings {
  /** Cells wait for it: before, nobody would see their output. */
  audience: Promise<void>;
  interpreter: () => Promise<Interpreter>;
  history: History;
  stdin: Stdin;
}

interface Running {
  controller: AbortController;
  /** Settles when it has been answered. */
  answered: Promise<void>;
}

/** Runs execute requests: busy, execute_input, what the cell writes, at most one error, reply, idle. */
export class Execution implements ExecuteSteps {
  #count: number;
  readonly #running = new Map<Exchange, Running>();

  constructor(
    private readonly surroundings: Surroundings,
    cellsBefore: number,
  ) {
    this.#count = cellsBefore;
  }

  /** The request whose cell has been running longest. */
  get current(): Exchange | undefined {
    return this.#running.keys().next().value;
  }

  /** Aborts the signals of all cells that run; false when none does. */
  interrupt(): boolean {
    for (const { controller } of this.#running.values()) controller.abort(new InterruptedError());
    return this.#running.size > 0;
  }

  /** Resolves when all cells that run have been answered. */
  async finished(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ answered }) => answered));
  }

  async run(exchange: Exchange): Promise<Ended> {
    const controller = sharedController();
    let finish = () => {};
    const answered = new Promise<void>(resolve => {
      finish = resolve;
    });
    this.#running.set(exchange, { controller, answered });
    await this.surroundings.audience;
    exchange.status('busy');
    const reply = await this.#execute(exchange, controller.signal).catch(errorReply);
    return {
      failed: reply.status !== 'ok' && exchange.request.content.stop_on_error !== false,
      answer: () => {
        exchange.reply(reply);
        exchange.status('idle');
        this.#running.delete(exchange);
        finish();
      },
    };
  }

  abort(exchange: Exchange, why: string): void {
    exchange.status('busy');
    // Without a number: the cell never had one.
    exchange.reply(errorReply(new Aborted(`not run, as ${why}`)));
    exchange.status('idle');
  }

  async #execute(exchange: Exchange, signal: AbortSignal): Promise<Content> {
    const { content } = exchange.request;
    const code = text(content, 'code');
    const silent = optional(content, 'silent', false);
    const storeHistory = !silent && optional(content, 'store_history', true);
    if (storeHistory) this.#count++;
    const executionCount = this.#count;
    if (storeHistory) this.surroundings.history.addInput(executionCount, code);
    if (!silent) exchange.publish('execute_input', { code, execution_count: executionCount });

    const output = new Output(exchange, { executionCount, silent, signal }, this.surroundings.stdin);
    const cell = {
      id: exchange.request.header.msg_id,
      code,
      executionCount,
      silent,
      output,
      signal,
    };
    const error = await this.#interpret(interpreter => interpreter.execute(cell), signal);
    // A cell that fails shows nothing of its user_expressions; they may even depend on what it did not do.
    const expressions = error ? {} : await this.#expressions(content.user_expressions);
    output.flush();
    if (error) {
      exchange.publish('error', { ...error });
      return { status: 'error', execution_count: executionCount, ...error };
    }
    if (storeHistory && output.resultText !== undefined) {
      this.surroundings.history.addOutput(executionCount, output.resultText);
    }
    return { status: 'ok', execution_count: executionCount, payload: [], user_expressions: expressions };
  }

  async #interpret(
    use: (interpreter: Interpreter) => Promise<CellError | undefined>,
    signal: AbortSignal,
  ): Promise<CellError | undefined> {
    try {
      const interpreter = await this.surroundings.interpreter();
      signal.throwIfAborted();
      return await use(interpreter);
    } catch (error) {
      return cellError(error);
    }
  }

  async #expressions(asked: unknown): Promise<Content> {
    if (typeof asked !== 'object' || asked === null) return {};
    const values: Content = {};
    for (const [name, expression] of Object.entries(asked)) {
      values[name] = await this.#expression(String(expression)).catch(errorReply);
    }
    return values;
  }

  async #expression(expression: string): Promise<Content> {
    const interpreter = await this.surroundings.interpreter();
    const value = await interpreter.evaluate(expression);
    return 'data' in value ? { status: 'ok', ...value } : { status: 'error', ...value };
  }
}
