import type { Content } from '../protocol/message.js';
import type { Exchange } from './exchange.js';

/** Comms are channels to widgets. This kernel has no target for them, so each that is opened is closed at once. */
export function closeComm(exchange: Exchange): undefined {
  exchange.publish('comm_close', { comm_id: exchange.request.content.comm_id ?? '', data: {} });
}

export function commInfo(): Content {
  return { comms: {} };
}
