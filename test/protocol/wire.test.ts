import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeMessage } from '../../kernel/protocol/message.js';
import { Wire } from '../../kernel/protocol/wire.js';

const wire = new Wire('secret');
const hello = makeMessage({ type: 'hello', session: 's', content: { text: 'grüße 🦀' } });
const identity = [Buffer.from('client')];

/** A message as the other side receives it. */
const received = (of: Wire, ...message: Parameters<Wire['encode']>): Uint8Array[] =>
  of.encode(...message).map(frame => (typeof frame === 'string' ? Buffer.from(frame) : frame));

function broken(change: (frames: Uint8Array[]) => Uint8Array[]): unknown {
  return wire.decode(change(received(wire, hello, identity)));
}

describe('the wire', () => {
  it('gives back any message with its identity and buffers', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.array(fc.uint8Array()),
        (content, buffers) => {
          const sent = makeMessage({ type: 'any', session: 's', content, parent: hello.header, buffers });
          const decoded = wire.decode(received(wire, sent, identity));
          const expected = JSON.parse(JSON.stringify({ ...sent, buffers: [] }));
          expect(decoded).toEqual({ message: { ...expected, identity, buffers } });
        },
      ),
    );
  });

  it('drops a message of which one byte was changed', () => {
    const frames = received(wire, hello, identity);
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: frames.length - 1 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (i, at, bits) => {
          const changed = frames.map(frame => Uint8Array.from(frame));
          const frame = changed[i]!;
          frame[at % frame.length]! ^= bits;
          expect(wire.decode(changed)).toEqual({ fault: 'bad signature' });
        },
      ),
    );
  });

  it('drops a message signed with another key, and accepts any signature where the key is empty', () => {
    expect(new Wire('other').decode(received(wire, hello))).toEqual({ fault: 'bad signature' });
    expect(new Wire('').decode(received(new Wire(''), hello))).toHaveProperty(
      'message.content',
      hello.content,
    );
  });

  it('says what is wrong with frames that are no message', () => {
    expect(broken(() => [Buffer.from('noise')])).toEqual({ fault: 'no delimiter' });
    expect(broken(frames => frames.slice(0, 5))).toEqual({ fault: 'too few frames' });
    const unsigned = new Wire('');
    const raw = (...parts: string[]) =>
      unsigned.decode(['<IDS|MSG>', '', ...parts].map(part => Buffer.from(part)));
    expect(raw('{', '{}', '{}', '{}')).toEqual({ fault: 'broken JSON' });
    expect(raw('{}', '{}', '{}', '[]')).toEqual({ fault: 'broken JSON' });
    expect(raw('{"msg_id":1}', '{}', '{}', '{}')).toEqual({ fault: 'no header' });
  });

  it('never throws, whatever arrives', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), fc.array(fc.uint8Array()), (before, after) => {
        const decoded = new Wire('').decode([...before, Buffer.from('<IDS|MSG>'), Buffer.alloc(0), ...after]);
        expect(decoded).toHaveProperty('fault');
      }),
    );
  });
});
