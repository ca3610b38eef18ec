/**
 * The one table of what a machine can do. The TypeScript client, the Python symbols, completion and the reference page
 * are made from it; a new method is an entry in a chapter here (methods/) and a function of the same name below machine/.
 * Vocabulary and meaning are the NixOS test driver's (nixos/lib/test-driver in nixpkgs; upstream's driver/machine.py);
 * durations are in seconds as there.
 */
import { commandMethods } from './methods/commands.js';
import { fileMethods } from './methods/files.js';
import { logMethods } from './methods/logs.js';
import type { Method } from './methods/method.js';
import { monitorMethods } from './methods/monitor.js';
import { powerMethods } from './methods/power.js';
import { screenMethods } from './methods/screen.js';
import { unitMethods } from './methods/units.js';
import { waitMethods } from './methods/waits.js';

export type { Method, Parameter } from './methods/method.js';

/** In the order of the reference page. */
export const chapters = [
  { title: 'Commands', methods: commandMethods },
  { title: 'Units', methods: unitMethods },
  { title: 'Waiting', methods: waitMethods },
  { title: 'Files', methods: fileMethods },
  { title: 'Logs', methods: logMethods },
  { title: 'Power and network', methods: powerMethods },
  { title: 'Screen and keyboard', methods: screenMethods },
  { title: 'Monitor and console', methods: monitorMethods },
] as const;

export const machineMethods = chapters.flatMap((chapter): readonly Entry[] => chapter.methods);

type Entry = (typeof chapters)[number]['methods'][number];

export type MethodName = Entry['name'];

/** Methods that a node of every flavour can have, each with what it needs. */
export type CommonMethodName = Exclude<Entry, { needs: 'screen' | 'monitor' | 'console' }>['name'];

export const methodTable: ReadonlyMap<string, Method> = new Map(
  machineMethods.map((method: Method) => [method.name, method]),
);
