import { nodesOfRole } from '../composition/targets.js';
import type { MimeBundle } from '../display/bundle.js';
import { Table } from '../display/table.js';
import type { RpcClient } from '../rpc.js';
import { toNamed } from './calls.js';
import type { MachineDescription } from './driver.js';
import { optionsOf, requireFunction } from './known-options.js';
import { type Mapped, mapped } from './mapped.js';
import { type MethodName, machineMethods } from './methods.js';
import { Params } from './params.js';
import { asTuple, type CommandResult } from './result.js';

type Call = (...args: unknown[]) => Promise<unknown>;

/** A machine as a cell holds it: every method of the table is a call to the front. */
export type MachineClient = MachineDescription & Record<MethodName, Call>;

/**
 * Several machines at once: an array of them that stays as it is, and whose methods of machines run on all of them, in parallel, and
 * give an array in the nodes' order.
 */
export class MachineList extends Array<MachineClient> {
  readonly #rpc: RpcClient;
  readonly #maxParallel: number | undefined;
  readonly #deployed: readonly MachineClient[];

  /** What arrays make of themselves is a plain array, but for `filter` and `slice`. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  constructor(
    machines: readonly MachineClient[],
    rpc: RpcClient,
    maxParallel?: number,
    /** All machines of the deployment that these are of. */
    deployed = machines,
  ) {
    super(...machines);
    this.#rpc = rpc;
    this.#maxParallel = maxParallel;
    this.#deployed = deployed;
    for (const method of machineMethods) {
      const call: Call = async (...args) => {
        const params = { nodes: this.names, args: toNamed(method, args), maxParallel };
        const values = (await rpc.request(`nodes.${method.name}`, params)) as unknown[];
        return values.map(value => revive(method.returns, value));
      };
      Object.defineProperty(this, method.name, { value: call });
    }
    // Also by name: `nodes.server`. What a list has anyway stays that.
    for (const machine of machines) {
      for (const name of [machine.identifier, machine.name]) {
        if (!(name in this)) Object.defineProperty(this, name, { value: machine });
      }
    }
    // A machine that was pushed would be in the list, and methods would leave it out.
    Object.freeze(this);
  }

  get names(): string[] {
    return Array.from(this, machine => machine.name);
  }

  /** Those of that role; UnknownMachine when the deployment has no such role. A filtered list may have none of a role that is there. */
  byRole(role: string): MachineList {
    const ofRole = nodesOfRole(this.#deployed, role);
    return this.filter(machine => ofRole.includes(machine));
  }

  override filter(
    keep: (machine: MachineClient, index: number, machines: MachineClient[]) => unknown,
  ): MachineList {
    return this.#of(super.filter(keep));
  }

  override slice(start?: number, end?: number): MachineList {
    return this.#of(super.slice(start, end));
  }

  /** The same machines, at most so many at a time. */
  atMost(maxParallel: number): MachineList {
    return this.#of(this, new Params('atMost', { maxParallel }).optionalCount('maxParallel'));
  }

  /** Calls `work` for all machines in parallel; awaited, PartialFailure when it fails for some. */
  override map<Out>(
    work: (machine: MachineClient, index: number, machines: MachineClient[]) => Out,
    options: { maxParallel?: number } = {},
  ): Mapped<Out> {
    requireFunction('nodes.map', work);
    const given = optionsOf('nodes.map', options, ['maxParallel']);
    return mapped(
      [...this],
      (machine, index) => work(machine, index, this),
      given.optionalCount('maxParallel') ?? this.#maxParallel,
    );
  }

  /** As a value of a cell it is a table. */
  toMimeBundle(): MimeBundle {
    if (this.length === 0) return { 'text/plain': 'no nodes' };
    const rows = Array.from(this, ({ name, role, address = '' }) => ({ node: name, role, address }));
    return new Table(rows).toMimeBundle();
  }

  #of(machines: readonly MachineClient[], maxParallel = this.#maxParallel): MachineList {
    return new MachineList(machines, this.#rpc, maxParallel, this.#deployed);
  }
}

export function machineClient(description: MachineDescription, rpc: RpcClient): MachineClient {
  const machine = { ...description } as MachineClient;
  for (const method of machineMethods) {
    const call: Call = async (...args) => {
      const params = { node: description.name, args: toNamed(method, args) };
      return revive(method.returns, await rpc.request(`machine.${method.name}`, params));
    };
    Object.defineProperty(machine, method.name, { value: call });
  }
  return machine;
}

function revive(returns: string, value: unknown): unknown {
  if (returns === 'CommandResult') return asTuple(value as CommandResult);
  return returns === 'void' ? undefined : value;
}
