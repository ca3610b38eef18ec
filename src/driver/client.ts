import { isObject } from '../is-object.js';
import type { RpcClient } from '../rpc.js';
import { pollingCondition } from './client/polling-condition.js';
import { retry } from './client/retry.js';
import { subtests } from './client/subtest.js';
import { sweeps } from './client/sweep.js';
import type { Globals } from './driver.js';
import { checkOptions, requireOptions } from './known-options.js';
import { type MachineClient, MachineList, machineClient } from './machine-client.js';

/** What the front tells its child unasked. */
export interface Notifications {
  on(method: string, listener: (params: unknown) => void): void;
}

type Target = Record<string, unknown>;

/**
 * Gives a TypeScript evaluator the driver's globals: every node by name, `machine`, `machines`, `nodes`, `subtest`, `retry`,
 * `startAll`, `nxc`, `metrics`, `plot`, `table`. The notification `globals` says which machines exist.
 * A node whose name is taken (`console`) is reached as `machines.console`.
 */
export function installDriverGlobals(target: object, rpc: RpcClient, notifications: Notifications): void {
  const globals = target as Target;
  const ask =
    (method: string) =>
    (params: object = {}) =>
      rpc.request(method, params);
  for (const [name, value] of Object.entries({
    startAll: async () => void (await ask('driver.startAll')()),
    runTests: async () => void (await ask('driver.runTests')()),
    subtest: subtests(rpc),
    retry,
    pollingCondition,
    sweep: sweeps(rpc),
    nxc: verbs(rpc),
    metrics: metrics(rpc),
    plot: async (what: unknown, options: object = {}) => rpc.request('plot', { ...toPlot(what), options }),
    table: (rows: unknown, options: object = {}) => rpc.request('table', { rows, options }),
  })) {
    define(globals, name, value);
  }
  let installed = new Map<string, MachineClient>();
  const update = ({ machines, run }: Globals) => {
    const ofRun = callsOf(run, rpc);
    for (const [name, machine] of installed) if (globals[name] === machine) delete globals[name];
    const clients = machines.map(description => machineClient(description, ofRun));
    installed = new Map(clients.map(machine => [machine.identifier, machine]));
    if (clients.length === 1) installed.set('machine', clients[0]!);
    for (const [name, machine] of installed) if (!(name in globals)) define(globals, name, machine);
    define(globals, 'machines', Object.fromEntries(clients.map(machine => [machine.name, machine])));
    define(globals, 'nodes', new MachineList(clients, ofRun));
  };
  update({ machines: [] });
  notifications.on('globals', params => update(params as Globals));
}

/** Names of metrics, or rows: of these what is drawn, whatever classes they are of. */
function toPlot(what: unknown): object {
  if (!Array.isArray(what) || typeof what[0] === 'string') return { what };
  return { rows: what.map(row => (isObject(row) ? drawable(row) : row)) };
}

function drawable(row: Record<string, unknown>): Record<string, unknown> {
  const cells = Object.entries(row).map(([name, cell]) => {
    const own = isObject(cell) && !(cell instanceof Date) ? cell.toJSON : undefined;
    return [name, typeof own === 'function' ? own.call(cell) : cell];
  });
  return Object.fromEntries(cells);
}

/** A machine that a variable holds stays the one it was, whatever deployment the cells mean by now. */
function callsOf(run: string | undefined, rpc: RpcClient): RpcClient {
  return {
    request: (method, params, options) => rpc.request(method, { ...(params as object), run }, options),
  };
}

function define(globals: Target, name: string, value: unknown): void {
  Object.defineProperty(globals, name, { value, writable: true, configurable: true, enumerable: true });
}

/** Verbs have a method each, `nxc.run` takes any; all give the exit status. */
function verbs(rpc: RpcClient) {
  const run = (verb: string, ...args: Array<string | number>) => rpc.request('nxc.run', { verb, args });
  const shorthand = ['init', 'build', 'start', 'status', 'exec', 'logs', 'stop'];
  return {
    run,
    ...Object.fromEntries(
      shorthand.map(verb => [verb, (...args: Array<string | number>) => run(verb, ...args)]),
    ),
  };
}

function metrics(rpc: RpcClient) {
  return {
    record: async (
      name: string,
      value: number,
      options: { node?: string; unit?: string; at?: number } = {},
    ): Promise<void> => {
      checkOptions('metrics.record', options, ['node', 'unit', 'at']);
      await rpc.request('metrics.record', { name, value, ...options });
    },
    series: async (names: string | string[], options: object = {}) => {
      requireOptions('metrics.series', options, ['nodes', 'since']);
      return rpc.request('metrics.series', { names, ...options });
    },
    latest: async (options: object = {}) => {
      requireOptions('metrics.latest', options, ['names', 'nodes', 'since']);
      return rpc.request('metrics.latest', options);
    },
  };
}
