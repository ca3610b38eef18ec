import { nodesOfRole } from '../composition/targets.js';
import type { MimeBundle } from '../display/bundle.js';
import { Table } from '../display/table.js';
import type { RpcClient } from '../rpc.js';
import { toNamed } from './calls.js';
import type { MachineDescription } from './driver.js';
import { fanOut } from './fan-out.js';
import { type MethodName, machineMethods } from './methods.js';
import { asTuple, type CommandResult } from './result.js';

type Call = (...args: unknown[]) => Promise<unknown>;

/** A machine as a cell holds it: every method of the table is a call to the front. */
export type MachineClient = MachineDescription & Record<MethodName, Call>;

/** Several machines at once: methods run on all of them, in parallel, and give an array in the nodes' order. */
export class MachineList implements Iterable<MachineClient> {
  readonly [index: number]: MachineClient;
  readonly length: number;
  readonly #machines: readonly MachineClient[];

  constructor(
    machines: readonly MachineClient[],
    private readonly rpc: RpcClient,
    private readonly maxParallel?: number,
    private readonly all: readonly MachineClient[] = machines,
  ) {
    this.#machines = machines;
    this.length = machines.length;
    Object.assign(this, machines);
    for (const method of machineMethods) {
      const call: Call = async (...args) => {
        const params = { nodes: this.names, args: toNamed(method, args), maxParallel: this.maxParallel };
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
    for (const hidden of ['rpc', 'maxParallel', 'all', 'length']) {
      Object.defineProperty(this, hidden, { enumerable: false });
    }
  }

  get names(): string[] {
    return this.#machines.map(machine => machine.name);
  }

  /** Those of that role; UnknownMachine when the deployment has no such role. A filtered list may have none of a role that is there. */
  byRole(role: string): MachineList {
    const ofRole = nodesOfRole(this.all, role);
    return this.filter(machine => ofRole.includes(machine));
  }

  filter(keep: (machine: MachineClient, index: number) => boolean): MachineList {
    return new MachineList(this.#machines.filter(keep), this.rpc, this.maxParallel, this.all);
  }

  /** The same machines, at most so many at a time. */
  atMost(maxParallel: number): MachineList {
    return new MachineList(this.#machines, this.rpc, maxParallel, this.all);
  }

  /** Calls `work` for all machines in parallel; PartialFailure when it fails for some. */
  map<Out>(
    work: (machine: MachineClient, index: number) => Out | Promise<Out>,
    options: { maxParallel?: number } = {},
  ): Promise<Out[]> {
    return fanOut(
      this.#machines,
      async (machine, index) => work(machine, index),
      options.maxParallel ?? this.maxParallel,
    );
  }

  /** As a value of a cell it is a table. */
  toMimeBundle(): MimeBundle {
    const rows = this.#machines.map(({ name, role, address = '' }) => ({ node: name, role, address }));
    return new Table(rows).toMimeBundle();
  }

  [Symbol.iterator](): Iterator<MachineClient> {
    return this.#machines[Symbol.iterator]();
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
