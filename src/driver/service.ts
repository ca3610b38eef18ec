import { resolveTargets } from '../composition/targets.js';
import type { Deployment, DeploymentManager } from '../deployment/deployment.js';
import type { Display } from '../display/display.js';
import { Table } from '../display/table.js';
import { InterruptedError } from '../errors.js';
import { metricsOf } from '../metrics/metrics.js';
import type { RpcCall, RpcHandler } from '../rpc.js';
import { nearest } from '../suggest.js';
import { requireAbility } from './abilities.js';
import { CallError, toPositional } from './calls.js';
import { machineOf, startAll } from './driver.js';
import { AssertionFailed } from './errors.js';
import { fanOut } from './fan-out.js';
import { implementationOf } from './machine/index.js';
import { type Handler, measures } from './measures.js';
import { type CommonMethodName, type Method, methodTable } from './methods.js';
import { Params } from './params.js';
import { SubtestBoards } from './subtest-boards.js';
import type { Subtest } from './subtests.js';
import { Sweeps } from './sweep/index.js';

/** What a service of the driver needs from the front. */
export interface DriverServiceOptions {
  manager: DeploymentManager;
  workspace: { readonly cwd: string };
  /** Where a call's output goes: the cell that made it. */
  display(cellId: string | undefined): Display;
  /** Runs a verb of `nxc` with what a cell gave it, and gives its exit status. Python scripts have no verbs. */
  run?(
    verb: string,
    args: readonly unknown[],
    call: { display: Display; signal: AbortSignal; cellId?: string },
  ): Promise<number>;
}

/** Serves the driver's calls: `machine.*` `{node, args, run}`, `nodes.*` `{nodes, args, maxParallel, run}`, `driver.*`, `subtest.*`, `nxc.run`, `table`. */
export class DriverService {
  readonly #subtests: SubtestBoards;
  readonly #sweeps: Sweeps;
  readonly #handlers: Readonly<Record<string, Handler>>;
  /** Of cells that run: ends their span in the metrics. */
  readonly #spans = new Map<string | undefined, () => void>();

  constructor(private readonly options: DriverServiceOptions) {
    // Collecting begins with the first who asks, and is to begin with the first deployment.
    metricsOf(options.manager);
    this.#subtests = new SubtestBoards(call => this.#display(call));
    this.#sweeps = new Sweeps(
      () => options.workspace.cwd,
      call => this.#display(call),
    );
    this.#handlers = {
      'driver.startAll': async (_, call) => startAll(await this.#require(), call.signal),
      'driver.testScript': async () => (await (await this.#require()).testScript()) ?? '',
      'driver.ask': async (params, call) =>
        this.#display(call).ask(params.text('prompt'), { signal: call.signal }),
      'driver.runTests': async (_, call) => {
        if ((await this.#run('driver', ['-t'], call)) !== 0)
          throw new AssertionFailed('the test script failed');
      },
      'nxc.run': async (params, call) =>
        this.#run(params.text('verb'), (params.all.args ?? []) as unknown[], call),
      table: async (params, call) => {
        this.#display(call).show(
          new Table(params.objects('rows'), { ...params.optionalObject('options'), asSuch: true }),
        );
      },
      ...this.#subtests.handlers,
      ...this.#sweeps.handlers,
      ...measures({ metrics: () => metricsOf(this.options.manager), display: call => this.#display(call) }),
    };
  }

  readonly handle: RpcHandler = async (method, given, call) => {
    const params = new Params(method, given);
    const [group, name = ''] = method.split('.', 2);
    if (group === 'machine') return this.#onMachine(name, params, call);
    if (group === 'nodes') return this.#onNodes(name, params, call);
    const handler = Object.hasOwn(this.#handlers, method) ? this.#handlers[method] : undefined;
    if (handler) return handler(params, call);
    throw new CallError({
      asked: `the driver has no method "${method}"`,
      nearest: nearest(method, Object.keys(this.#handlers)),
    });
  };

  /** A cell begins: plots show when it ran under this label, `In[4]`. */
  begin(cellId: string, label: string): void {
    this.#spans.set(cellId, metricsOf(this.options.manager).beginCell(label));
  }

  /** A cell or script has ended: gives its subtests. */
  finish(cellId: string | undefined): readonly Subtest[] {
    this.#spans.get(cellId)?.();
    this.#spans.delete(cellId);
    void this.#sweeps.close(cellId);
    return this.#subtests.close(cellId);
  }

  async #onMachine(name: string, params: Params, call: RpcCall): Promise<unknown> {
    const deployment = await this.#meant(params);
    const onMachine = await this.#method(name, deployment, params, call);
    return onMachine(params.text('node'), 1);
  }

  async #onNodes(name: string, params: Params, call: RpcCall): Promise<unknown> {
    const deployment = await this.#meant(params);
    const onMachine = await this.#method(name, deployment, params, call);
    const nodes = resolveTargets(
      deployment.nodes,
      params.all.nodes === undefined ? '*' : params.texts('nodes'),
    );
    return fanOut(nodes, node => onMachine(node.name, nodes.length), params.optionalCount('maxParallel'));
  }

  /** A method of the table with its arguments, ready to be called on machines. */
  async #method(
    name: string,
    deployment: Deployment,
    params: Params,
    call: RpcCall,
  ): Promise<(node: string, among: number) => Promise<unknown>> {
    const method: Method | undefined = methodTable.get(name);
    if (!method) {
      const known = methodTable.keys();
      throw new CallError({ asked: `a machine has no method "${name}"`, nearest: nearest(name, known) });
    }
    await requireAbility(method, deployment.flavour);
    const args = toPositional(method, params.optionalObject('args') ?? {});
    const implementation = implementationOf(name as CommonMethodName);
    const context = {
      cwd: this.options.workspace.cwd,
      signal: call.signal,
      write: (line: string, stream?: 'stdout' | 'stderr') => this.#display(call).write(`${line}\n`, stream),
    };
    return async (node, among) => {
      if (call.signal.aborted) throw new InterruptedError();
      return implementation(machineOf(deployment, node, { ...context, among }), ...args);
    };
  }

  async #run(verb: string, args: readonly unknown[], call: RpcCall): Promise<number> {
    if (!this.options.run) throw new CallError('verbs of nxc cannot be called from here');
    return this.options.run(verb, args, { ...call, display: this.#display(call) });
  }

  #display(call: RpcCall): Display {
    return this.options.display(call.cellId);
  }

  /** The deployment of the run that the call names, or the current one. */
  #meant(params: Params): Promise<Deployment> {
    const run = params.optionalText('run');
    return run === undefined ? this.#require() : this.options.manager.requireRun(run);
  }

  #require() {
    return this.options.manager.require(this.options.workspace.cwd);
  }
}
