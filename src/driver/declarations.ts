import { signature } from './calls.js';
import type { Globals } from './driver.js';
import { machineMethods } from './methods.js';

/** Ambient declarations (d.ts text) of what a TypeScript cell sees, for typed completion. Made from the method table. */
export function driverDeclarations({ machines }: Globals): string {
  const variables = machines.map(machine => `declare var ${machine.identifier}: Machine;`);
  const names = machines.map(machine => `${JSON.stringify(machine.name)}: Machine`);
  const roles = [...new Set(machines.map(machine => JSON.stringify(machine.role)))].join(' | ') || 'string';
  return [
    types,
    interfaceOf('Machine', type => `Promise<${type}>`, 'name: string;\n  role: string;\n  address?: string;'),
    interfaceOf(
      'MachineList',
      type => (type === 'void' ? 'Promise<void[]>' : `Promise<Array<${type}>>`),
      listMembers,
    ),
    ...variables,
    ...(machines.length === 1 ? ['declare var machine: Machine;'] : []),
    `declare var machines: { ${names.join('; ')} };`,
    `type RoleName = ${roles};`,
    values,
  ].join('\n');
}

function interfaceOf(name: string, returns: (type: string) => string, members: string): string {
  const methods = machineMethods.map(method => {
    const parameters = method.parameters.map(p => `@param ${p.name} ${p.doc}`).join('\n   * ');
    return `  /** ${method.doc}${parameters ? `\n   * ${parameters}` : ''} */\n  ${signature(method, returns)};`;
  });
  return `interface ${name} {\n  ${members}\n${methods.join('\n')}\n}`;
}

const types = `/** What a command on a node gave; also a tuple [status, stdout]. */
interface CommandResult extends Iterable<any> {
  0: number; 1: string;
  node: string; command: string; status: number; stdout: string; stderr: string;
  startedAt: string; durationMs: number; timedOut: boolean; signal: string | null;
}
interface MetricRow { metric: string; node: string; role: string; at: number; seconds: number; value: number; unit: string }
interface MetricQuery { /** names, @role, globs */ nodes?: string | string[]; /** In[4], 30s, an ISO time */ since?: string }
interface PlotOptions extends MetricQuery {
  per?: 'node' | 'role'; title?: string;
  /** Columns of rows. */ x?: string; y?: string | string[]; color?: string; mark?: 'line' | 'bar' | 'point' | 'area';
}`;

const listMembers = `readonly length: number;
  readonly [index: number]: Machine;
  readonly names: string[];
  byRole(role: RoleName): MachineList;
  filter(keep: (machine: Machine, index: number) => boolean): MachineList;
  /** The same machines, at most so many at a time. */
  atMost(maxParallel: number): MachineList;
  /** Calls work for all machines in parallel. */
  map<Out>(work: (machine: Machine, index: number) => Out | Promise<Out>, options?: { maxParallel?: number }): Promise<Out[]>;
  [Symbol.iterator](): Iterator<Machine>;`;

const values = `/** All machines of the deployment; its methods run on all of them. */
declare var nodes: MachineList;
/** Checks that every machine runs. */
declare function startAll(): Promise<void>;
/** Runs the composition's testScript. */
declare function runTests(): Promise<void>;
/** A named part of a test, timed and listed in the cell's table. */
declare function subtest<T>(name: string, run: () => T | Promise<T>): Promise<T>;
/** Tries again while action throws or gives false, for timeout seconds (900). */
declare function retry<T>(action: (last: boolean) => T | Promise<T>, options?: { timeout?: number }): Promise<T>;
type Verb = (...args: Array<string | number>) => Promise<number>;
/** The verbs of nxc, with the arguments of the terminal; each gives its exit status. */
declare var nxc: { run(verb: string, ...args: Array<string | number>): Promise<number>; init: Verb; build: Verb; start: Verb; status: Verb; exec: Verb; logs: Verb; stop: Verb };
declare var metrics: {
  /** Adds a point of your own. */
  record(name: string, value: number, options?: { node?: string; unit?: string }): Promise<void>;
  series(names: string | string[], options?: MetricQuery): Promise<MetricRow[]>;
  /** The newest value of every series. */
  latest(options?: MetricQuery): Promise<MetricRow[]>;
};
/** Plots metrics by name (cpu, memory, network, disk, your own) or rows of a table. */
declare function plot(what: string | string[] | ReadonlyArray<object>, options?: PlotOptions): Promise<void>;
/** Shows rows as a table. */
declare function table(rows: ReadonlyArray<object>, options?: { columns?: string[]; title?: string }): Promise<void>;
`;
