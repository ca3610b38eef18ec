import { describe, expect, it } from 'vitest';
import { makeMessage } from '../../kernel/protocol/message.js';
import { Unaware } from '../../kernel/session/unaware.js';

/** A request as it arrives after `delay` milliseconds, from a client whose clock is wrong by `clock` milliseconds. */
function request(at: number, { clock = 0, delay = 3, session = 'one' } = {}) {
  const message = makeMessage({ type: 'execute_request', session, content: {} });
  message.header.date = new Date(at + clock).toISOString();
  return { arrived: at + delay, request: { ...message, identity: [] } };
}

describe('requests that were sent before their client could know of a failure', () => {
  it.each([0, 3_600_000, -3_600_000])('are known, with a clock that is wrong by %s ms', clock => {
    const now = Date.now();
    const unaware = new Unaware(request(now - 500, { clock, delay: 40 }), [request(now - 490, { clock })]);
    expect(unaware.includes(request(now - 200, { clock }))).toBe(true);
    expect(unaware.includes(request(Date.now() + 1, { clock, delay: 0 }))).toBe(false);
  });

  it('are those of the client whose cell failed', () => {
    const now = Date.now();
    const unaware = new Unaware(request(now - 500), [request(now - 490, { session: 'two', clock: 1e6 })]);
    expect(unaware.includes(request(now - 200, { session: 'two' }))).toBe(false);
    expect(unaware.includes(request(now - 200))).toBe(true);
  });

  it('are none where the date cannot be read', () => {
    const undated = request(Date.now() - 500);
    undated.request.header.date = 'yesterday';
    expect(new Unaware(undated, []).includes(undated)).toBe(false);
  });
});
