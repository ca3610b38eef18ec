import { hostname } from 'node:os';
import type { Starter } from '../flavours/record.js';
import { identify, isAlive } from '../process/proc.js';

/** `parent` is the process without which this one ends. */
export function thisProcess(parent?: number): Starter {
  const above = parent === undefined ? undefined : identify(parent);
  return { host: hostname(), ...identify(process.pid)!, ...(above ? { parent: above } : {}) };
}

/** Of a process on another machine, which shares this home, nothing can be known here. */
export const mayBeAlive = (starter: Starter): boolean => starter.host !== hostname() || isAlive(starter);

/** It lives, but not for long: who started it is gone. */
export const isEnding = (starter: Starter): boolean =>
  isAlive(starter) && starter.parent !== undefined && !isAlive(starter.parent);
