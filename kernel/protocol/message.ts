/**
 * kernel/protocol is Jupyter messaging and nothing else: connection file, message, frames with their signature, sockets, and
 * a client that speaks it from the other side. What a message means is decided elsewhere (kernel/session).
 *
 * Shapes and field names: https://jupyter-client.readthedocs.io/en/stable/messaging.html
 */
import { randomUUID } from 'node:crypto';

export const PROTOCOL_VERSION = '5.4';

export type Content = Record<string, unknown>;

export interface Header {
  msg_id: string;
  msg_type: string;
  session: string;
  username: string;
  /** ISO 8601. */
  date: string;
  version: string;
  /** The subshell that a shell request is for; none means the main shell. */
  subshell_id?: string | null;
}

export interface Message {
  header: Header;
  /** Empty where the message answers nothing. */
  parent: Header | Record<string, never>;
  metadata: Content;
  content: Content;
  buffers: Uint8Array[];
}

/** A message as it arrived at a router: with the routing identity of who sent it, so that it can be answered. */
export interface Request extends Message {
  identity: Uint8Array[];
}

export interface Outgoing {
  type: string;
  session: string;
  content: Content;
  parent?: Message['parent'];
  metadata?: Content;
  buffers?: Uint8Array[];
  subshellId?: string;
}

export function makeMessage(outgoing: Outgoing): Message {
  const { type, session, content, parent = {}, metadata = {}, buffers = [], subshellId } = outgoing;
  return {
    header: {
      msg_id: randomUUID(),
      msg_type: type,
      session,
      username: 'nxc',
      date: new Date().toISOString(),
      version: PROTOCOL_VERSION,
      ...(subshellId === undefined ? {} : { subshell_id: subshellId }),
    },
    parent,
    metadata,
    content,
    buffers,
  };
}
