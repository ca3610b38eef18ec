import { resolveTargets } from '../composition/targets.js';
import type { Deployment, DeploymentManager } from '../deployment/deployment.js';
import type { Display, Shown } from '../display/display.js';
import { type Row, Table } from '../display/table.js';
import { InterruptedError } from '../errors.js';
import { metricsOf } from '../metrics/metrics.js';
import type { RpcCall, RpcHandler } from '../rpc.js';
import { nearest } from '../suggest.js';
import { CallError, type NamedArguments, toPositional } from './calls.js';
import { describeGlobals, machineOf, startAll } from './driver.js';
import { AssertionFailed } from './errors.js';
import { fanOut } from './fan-out.js';
import { type Handler, measures } from './measures.js';
import { type MethodName, methodTable } from './methods.js';
import { SubtestBoard } from './subtests.js';
import { needsVirtualMachine, virtualMethods } from './virtual-machine.js';

/** What a service of the driver needs from the front. */
export interface DriverServiceOptions {
  manager: DeploymentManager;
  workspace: { readonly cwd: string };
  /** Where a call's output goes: the cell that made it. */
  display(cellId: string | undefined): Display;
  /** Runs a verb of `nxc` and gives its exit status. Python scripts have no verbs. */
  run?(
    verb: string,
    args: readonly string[],
    call: { display: Display; signal: AbortSignal; cellId?: string },
  ): Promise<number>;
}

/** Serves the driver's calls: `machine.*` `{node, args}`, `nodes.*` `{nodes, args, maxParallel}`, `driver.*`, `subtest.*`, `nxc.run`, `table`. */
export class DriverService {
  readonly #boards = new Map<string | undefined, { board: SubtestBoard; shown: Shown }>();

  /** Of cells that run: ends their span in the metrics. */
  readonly #spans = new Map<string | undefined, () => void>();

  constructor(private readonly options: DriverServiceOptions) {
    // Collecting begins with the first who asks, and is to begin with the first deployment.
    metricsOf(options.manager);
  }

  readonly handle: RpcHandler = async (method, params, call) => {
    const [group, name = ''] = method.split('.', 2);
    const given = (params ?? {}) as Record<string, unknown>;
    if (group === 'machine') return this.#onMachine(name, given, call);
    if (group === 'nodes') return this.#onNodes(name, given, call);
    const handler = Object.hasOwn(this.#handlers, method) ? this.#handlers[method] : undefined;
    if (!handler)
      throw new CallError({
        asked: `the driver has no method "${method}"`,
        nearest: nearest(method, Object.keys(this.#handlers)),
      });
    return handler(given, call);
  };

  readonly #handlers: Record<string, Handler> = {
    globals: async () => describeGlobals(await this.#current()),
    'driver.startAll': async () => startAll(await this.#require()),
    'driver.testScript': async () => (await (await this.#require()).testScript()) ?? '',
    'driver.log': async ({ message }, call) => this.#display(call).write(`${String(message)}\n`),
    'subtest.begin': async (params, call) => this.#beginSubtest(params, call),
    'subtest.end': async (params, call) => this.#endSubtest(params, call),
    'driver.ask': async ({ prompt }, call) =>
      this.#display(call).ask(String(prompt), { signal: call.signal }),
    'driver.runTests': async (_, call) => {
      if ((await this.#run('driver', ['-t'], call)) !== 0)
        throw new AssertionFailed('the test script failed');
    },
    'nxc.run': async ({ verb, args }, call) => this.#run(String(verb), (args as unknown[]).map(String), call),
    ...measures({ metrics: () => metricsOf(this.options.manager), display: call => this.#display(call) }),
    table: async ({ rows, options }, call) => {
      this.#display(call).show(new Table(rows as Row[], (options ?? {}) as object));
    },
  };

  /** A cell begins: plots show when it ran under this label, `In[4]`. */
  begin(cellId: string, label: string): void {
    this.#spans.set(cellId, metricsOf(this.options.manager).spans.begin(label));
  }

  /** A cell has ended: its subtests that still run were cut off, and what comes later gets a table of its own. */
  finish(cellId: string | undefined): void {
    this.#spans.get(cellId)?.();
    this.#spans.delete(cellId);
    const entry = this.#boards.get(cellId);
    if (!entry) return;
    this.#boards.delete(cellId);
    entry.board.close();
    entry.shown.update(entry.board);
  }

  async #onMachine(name: string, { node, args }: Record<string, unknown>, call: RpcCall): Promise<unknown> {
    return this.#call(await this.#require(), name, (args ?? {}) as NamedArguments, String(node), call);
  }

  async #onNodes(
    name: string,
    { nodes, args, maxParallel }: Record<string, unknown>,
    call: RpcCall,
  ): Promise<unknown> {
    const deployment = await this.#require();
    const named = (args ?? {}) as NamedArguments;
    return fanOut(
      resolveTargets(deployment.nodes, (nodes ?? '*') as string[]),
      node => this.#call(deployment, name, named, node.name, call),
      maxParallel as number | undefined,
    );
  }

  #call(
    deployment: Deployment,
    name: string,
    args: NamedArguments,
    node: string,
    call: RpcCall,
  ): Promise<unknown> {
    if (virtualMethods.includes(name)) throw needsVirtualMachine(name, deployment.flavour.name);
    const method = methodTable.get(name);
    if (!method) {
      const known = methodTable.keys();
      throw new CallError({ asked: `a machine has no method "${name}"`, nearest: nearest(name, known) });
    }
    if (call.signal.aborted) throw new InterruptedError();
    const machine = machineOf(deployment, node, {
      cwd: this.options.workspace.cwd,
      signal: call.signal,
      log: line => this.#display(call).write(`${line}\n`),
    });
    const implementation = machine[name as MethodName] as (...args: unknown[]) => Promise<unknown>;
    return implementation.apply(machine, toPositional(method, args));
  }

  #beginSubtest({ name, parent }: Record<string, unknown>, call: RpcCall): number {
    const entry = this.#board(call);
    const id = entry.board.begin(String(name), parent as number | undefined);
    entry.shown.update(entry.board);
    return id;
  }

  #endSubtest({ id, error }: Record<string, unknown>, call: RpcCall): void {
    const { board, shown } = this.#board(call);
    board.end(id as number, error as string | undefined);
    shown.update(board);
  }

  #board(call: RpcCall): { board: SubtestBoard; shown: Shown } {
    const known = this.#boards.get(call.cellId);
    if (known) return known;
    const board = new SubtestBoard();
    const entry = { board, shown: this.#display(call).show(board) };
    this.#boards.set(call.cellId, entry);
    return entry;
  }

  async #run(verb: string, args: readonly string[], call: RpcCall): Promise<number> {
    if (!this.options.run) throw new CallError('verbs of nxc cannot be called from here');
    return this.options.run(verb, args, { ...call, display: this.#display(call) });
  }

  #display(call: RpcCall): Display {
    return this.options.display(call.cellId);
  }

  #current() {
    return this.options.manager.current(this.options.workspace.cwd);
  }

  #require() {
    return this.options.manager.require(this.options.workspace.cwd);
  }
}
