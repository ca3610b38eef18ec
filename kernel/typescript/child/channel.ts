import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { channels, messageReader, type ToChild, type ToFront } from '../messages.js';

let beforeEach: () => void = () => {};
let unsent: Buffer | undefined;
let sequence = 0;

/** Sends a message to the front and returns when the front's pipe has it. */
export function send(message: ToFront): void {
  beforeEach();
  const frame = encode(message);
  sendFrame(frame);
}

/** A message as bytes. Sequence numbers let the front drop what `sendFrame` had to repeat. */
export function encode(message: ToFront): Buffer {
  return Buffer.from(`${JSON.stringify({ ...message, sequence: sequence++ })}\n`);
}

/**
 * An interrupt may terminate this very function at any call, also between a write and the note that it happened.
 * So a frame counts as unsent until the last statement, and the next call repeats it on a line of its own.
 */
export function sendFrame(frame: Buffer): void {
  const earlier = unsent;
  unsent = earlier ? Buffer.concat([newline, earlier, frame]) : frame;
  let written = 0;
  const bytes = unsent;
  while (written < bytes.length) written += writeSync(channels.outgoing, bytes, written);
  unsent = undefined;
}
const newline = Buffer.from('\n');

/** `action` runs before every message: what waits in a buffer goes first. */
export function flushBefore(action: () => void): void {
  beforeEach = action;
}

/** Calls `receive` for every message of the front, in order. */
export function listen(receive: (message: ToChild) => void): void {
  const socket = new Socket({ fd: channels.incoming, readable: true, writable: false });
  socket.on('data', messageReader<ToChild>(receive));
  socket.on('close', () => process.kill(-process.pid, 'SIGKILL'));
  socket.on('error', () => process.kill(-process.pid, 'SIGKILL'));
}
