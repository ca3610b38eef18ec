import { InterruptedError, NxcError } from '../../src/errors.js';
import type { Request } from '../protocol/message.js';
import type { Exchange } from './exchange.js';

/** The front-end cannot ask its user anything: a headless run, or a cell that was sent with allow_stdin false. */
export class StdinNotAllowed extends NxcError {
  constructor() {
    super({
      asked: 'this cell asks for input',
      found: 'a front-end that allows no stdin',
      todo: 'run the notebook in JupyterLab or jupyter console, or give the value as a parameter',
    });
  }
}

interface Question {
  id: string;
  answer: (value: string) => void;
}

/** Questions to the user, one at a time: front-ends show one prompt, and some replies do not say what they answer. */
export class Stdin {
  #last: Promise<unknown> = Promise.resolve();
  #open: Question | undefined;

  /** Rejects at once with StdinNotAllowed, or when `signal` is aborted with its reason. */
  async ask(exchange: Exchange, prompt: string, password: boolean, signal: AbortSignal): Promise<string> {
    if (exchange.request.content.allow_stdin !== true) throw new StdinNotAllowed();
    const answered = this.#last.then(() => this.#ask(exchange, prompt, password, signal));
    this.#last = answered.catch(() => {});
    return await answered;
  }

  /** An input_reply. One that answers another question, or none, is ignored. */
  receive({ header, parent, content }: Request): void {
    if (header.msg_type !== 'input_reply' || !this.#open) return;
    if (parent.msg_id !== undefined && parent.msg_id !== this.#open.id) return;
    this.#open.answer(typeof content.value === 'string' ? content.value : '');
  }

  async #ask(exchange: Exchange, prompt: string, password: boolean, signal: AbortSignal): Promise<string> {
    if (signal.aborted) throw reasonOf(signal);
    let stop = () => {};
    try {
      return await new Promise<string>((resolve, reject) => {
        stop = () => reject(reasonOf(signal));
        signal.addEventListener('abort', stop);
        const { id, sent } = exchange.ask('input_request', { prompt, password }, signal);
        this.#open = { id, answer: resolve };
        sent.catch(reject);
      });
    } finally {
      signal.removeEventListener('abort', stop);
      this.#open = undefined;
    }
  }
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof NxcError ? signal.reason : new InterruptedError();
}
