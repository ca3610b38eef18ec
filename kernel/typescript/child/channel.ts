import { readSync, writeSync } from 'node:fs';
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

let lastTurn = 0;

/** Sends a message and waits until the front has dealt with it. */
export function sendAndWait(message: (turn: number) => ToFront): void {
  const turn = ++lastTurn;
  send(message(turn));
  const bytes = Buffer.alloc(4);
  // An interrupt may have cut off an earlier wait, whose turn is still to be read.
  while (readSync(channels.turns, bytes) > 0 && bytes.readInt32LE() !== turn);
}

/** Waits until the front has shown all that was written so far, also by programs that have ended. */
export function waitUntilShown(): void {
  sendAndWait(turn => ({ type: 'drain', turn }));
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
