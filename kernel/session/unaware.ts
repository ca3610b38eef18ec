import type { Exchange } from './exchange.js';

/** What is looked at of a request. */
type Sent = Pick<Exchange, 'arrived' | 'request'>;

/**
 * The requests that a client has sent before it could know that a cell has failed: "Run All" sends all cells at once, and many
 * are still on their way when the first one fails. To be made just before the failure is answered.
 *
 * The date of a request is by the client's clock, which may be wrong by any amount. How much it differs is known from the
 * requests that have arrived: by no less than the smallest difference between their arrival and their date.
 */
export class Unaware {
  readonly #session: string;
  /** Milliseconds since the epoch, by the client's clock. */
  readonly #before: number;

  constructor(failed: Sent, behind: readonly Sent[]) {
    this.#session = failed.request.header.session;
    const difference = [failed, ...behind]
      .filter(({ request }) => request.header.session === this.#session)
      .reduce((least, { arrived, request }) => Math.min(least, arrived - dateOf(request)), Infinity);
    this.#before = Date.now() - difference;
  }

  includes({ request }: Pick<Sent, 'request'>): boolean {
    return request.header.session === this.#session && dateOf(request) < this.#before;
  }
}

const dateOf = ({ header }: Sent['request']) => Date.parse(header.date);
