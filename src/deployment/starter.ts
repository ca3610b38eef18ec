import { hostname } from 'node:os';
import type { Starter } from '../flavours/record.js';
import { identify, isAlive } from '../process/proc.js';

export const thisProcess = (): Starter => ({ host: hostname(), ...identify(process.pid)! });

/** Of a process on another machine, which shares this home, nothing can be known here. */
export const mayBeAlive = (starter: Starter): boolean => starter.host !== hostname() || isAlive(starter);
