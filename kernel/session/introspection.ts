import type { Content } from '../protocol/message.js';
import { codePointsOf, unitsOf } from './code-points.js';
import { optional, text } from './fields.js';
import type { Interpreter } from './interpreter.js';

/** complete_request. The cursor is at the end of the code where the request does not say. */
export async function complete(interpreter: Interpreter, content: Content): Promise<Content> {
  const code = text(content, 'code');
  const { matches, start, end, types } = await interpreter.complete(code, cursorOf(content, code));
  const range = { start: codePointsOf(code, start), end: codePointsOf(code, end) };
  return {
    matches,
    cursor_start: range.start,
    cursor_end: range.end,
    metadata: types ? { _jupyter_types_experimental: types.map(type => ({ ...range, ...type })) } : {},
  };
}

export async function inspect(interpreter: Interpreter, content: Content): Promise<Content> {
  const code = text(content, 'code');
  const detail = content.detail_level === 1 ? 1 : 0;
  const data = await interpreter.inspect(code, cursorOf(content, code), detail);
  return { found: data !== undefined, data: data ?? {}, metadata: {} };
}

export async function isComplete(interpreter: Interpreter, content: Content): Promise<Content> {
  return { ...(await interpreter.isComplete(text(content, 'code'))) };
}

function cursorOf(content: Content, code: string): number {
  return unitsOf(code, optional(content, 'cursor_pos', code.length));
}
