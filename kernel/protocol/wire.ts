import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Content, Header, Message, Request } from './message.js';

const DELIMITER = Buffer.from('<IDS|MSG>');
/** header, parent header, metadata, content */
const JSON_FRAMES = 4;

/** Why a received message was dropped. Dropped messages are counted and never answered: who sent them is unknown. */
export type Fault = 'no delimiter' | 'too few frames' | 'bad signature' | 'broken JSON' | 'no header';

export type Decoded = { message: Request } | { fault: Fault };

/** Frames to be sent; zeromq encodes text as UTF-8 itself, which is quicker than a buffer of its own for each. */
export type Frames = Array<Uint8Array | string>;

/** Frames of multipart messages, signed with HMAC-SHA256 over the raw JSON frames. An empty key turns signatures off. */
export class Wire {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  encode(message: Message, identity: readonly Uint8Array[] = []): Frames {
    const { header, parent, metadata, content, buffers } = message;
    const text = [header, parent, metadata, content].map(part => JSON.stringify(part));
    return [...identity, DELIMITER, this.#sign(text), ...text, ...buffers];
  }

  /** Verifies the bytes before anything of them is parsed. */
  decode(frames: readonly Uint8Array[]): Decoded {
    const delimiter = frames.findIndex(frame => DELIMITER.equals(frame));
    if (delimiter < 0) return { fault: 'no delimiter' };
    const [signature, ...rest] = frames.slice(delimiter + 1);
    const parts = rest.slice(0, JSON_FRAMES);
    if (!signature || parts.length < JSON_FRAMES) return { fault: 'too few frames' };
    if (!this.#verify(signature, parts)) return { fault: 'bad signature' };
    const [header, parent, metadata, content] = parts.map(parseObject);
    if (!header || !parent || !metadata || !content) return { fault: 'broken JSON' };
    if (!isHeader(header)) return { fault: 'no header' };
    return {
      message: {
        identity: frames.slice(0, delimiter),
        header,
        parent: isHeader(parent) ? parent : {},
        metadata,
        content,
        buffers: rest.slice(JSON_FRAMES),
      },
    };
  }

  #sign(parts: Readonly<Frames>): string {
    if (this.#key === '') return '';
    const hmac = createHmac('sha256', this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  }

  #verify(signature: Uint8Array, parts: readonly Uint8Array[]): boolean {
    const expected = Buffer.from(this.#sign(parts));
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  }
}

function parseObject(frame: Uint8Array): Content | undefined {
  try {
    const value: unknown = JSON.parse(
      Buffer.from(frame.buffer, frame.byteOffset, frame.length).toString('utf8'),
    );
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Content)
      : undefined;
  } catch {
    return undefined;
  }
}

function isHeader(value: object): value is Header {
  const { msg_id, msg_type, session } = value as Partial<Header>;
  return typeof msg_id === 'string' && typeof msg_type === 'string' && typeof session === 'string';
}
