import { abilities } from './abilities.js';
import { signature } from './calls.js';
import type { Globals, MachineDescription } from './driver.js';
import { type Method, machineMethods, type Parameter } from './methods.js';
import { symbols } from './symbols.js';

/** Ambient declarations (d.ts text) of what a TypeScript cell sees, for typed completion. Made from the method table. */
export function driverDeclarations({ machines }: Globals): string {
  const variables = machines.map(machine => `${about(machine)}\ndeclare var ${machine.identifier}: Machine;`);
  const names = machines.map(machine => `${JSON.stringify(machine.name)}: Machine`);
  const roles = [...new Set(machines.map(machine => JSON.stringify(machine.role)))].join(' | ') || 'string';
  return [
    types,
    interfaceOf('Machine', type => `Promise<${type}>`, 'name: string;\n  role: string;\n  address?: string;'),
    interfaceOf(
      'MachineList extends Array<Machine>',
      type => (type === 'void' ? 'Promise<void[]>' : `Promise<Array<${type}>>`),
      listMembers,
    ),
    ...variables,
    ...(machines.length === 1 ? [`${about(machines[0]!)}\ndeclare var machine: Machine;`] : []),
    `declare var machines: { ${names.join('; ')} };`,
    `type RoleName = ${roles};`,
    values,
  ].join('\n');
}

const about = ({ name, role, address }: MachineDescription) =>
  `/** The driver's live handle of the node ${name}: role ${role}${address === undefined ? '' : `, address ${address}`}. Its methods: %nxc driver --reference. */`;

function interfaceOf(name: string, returns: (type: string) => string, members: string): string {
  const methods = machineMethods.map((method: Method) => {
    const doc = method.needs ? `${method.doc} Needs ${abilities[method.needs].what}.` : method.doc;
    const parameters = method.parameters.map(p => `@param ${p.name} ${p.doc}`).join('\n   * ');
    return `  /** ${doc}${parameters ? `\n   * ${parameters}` : ''} */\n  ${signature(method, returns, typed)};`;
  });
  return `interface ${name} {\n  ${members}\n${methods.join('\n')}\n}`;
}

/** Numbers may be written as text, as tests write ports; a time that is too long for a timer may not. */
const typed = ({ name, type, variadic }: Parameter): string =>
  type === 'number' && name !== 'timeout' && !variadic ? 'number | `${number}`' : type;

const types = `/** What a command on a node gave. */
interface CommandFields {
  node: string; command: string;
  /** 128 + signal number when a signal ended it, -1 when it timed out. */
  status: number;
  stdout: string; stderr: string;
  startedAt: string; durationMs: number; timedOut: boolean; signal: string | null;
  /** Bytes of long output that were not kept. */
  droppedBytes: number;
  /** stdout that is no text. */
  stdoutBase64?: string;
  /** The file that toFile or --to made. */
  stdoutFile?: string;
}
/** Also a tuple [status, stdout]. */
interface CommandResult extends CommandFields, Iterable<any> {
  0: number; 1: string;
  /** stdout as it was, also where it is no text. */
  readonly stdoutBytes: Uint8Array;
}
/** An array that can be awaited as a whole. */
type Mapped<Out> = Out[] & Pick<Promise<Array<Awaited<Out>>>, 'then' | 'catch' | 'finally'>;
interface PromiseConstructor {
  all<Out>(values: Mapped<Out>): Promise<Array<Awaited<Out>>>;
  allSettled<Out>(values: Mapped<Out>): Promise<Array<PromiseSettledResult<Awaited<Out>>>>;
}
interface MetricRow { metric: string; node: string; role: string; at: number; seconds: number; value: number; unit: string }
interface MetricQuery { /** names, @role, globs */ nodes?: string | string[]; /** In[4], 30s, an ISO time */ since?: string }
interface PlotOptions extends MetricQuery {
  per?: 'node' | 'role'; title?: string;
  /** Columns of rows. */ x?: string; y?: string | string[]; color?: string; mark?: 'line' | 'bar' | 'point' | 'area';
}`;

const listMembers = `readonly names: string[];
  byRole(role: RoleName): MachineList;
  filter(keep: (machine: Machine, index: number, machines: Machine[]) => unknown): MachineList;
  slice(start?: number, end?: number): MachineList;
  /** The same machines, at most so many at a time. */
  atMost(maxParallel: number): MachineList;
  /** Calls work for all machines in parallel: await all that it gives, or take each by itself. */
  map<Out>(work: (machine: Machine, index: number, machines: Machine[]) => Out, options?: { maxParallel?: number }): Mapped<Out>;`;

const values = [
  'type Verb = (...args: Array<string | number>) => Promise<number>;',
  ...symbols.flatMap(({ doc, typescript }) =>
    typescript === undefined ? [] : [`/** ${doc} */\ndeclare ${typescript};`],
  ),
].join('\n');
