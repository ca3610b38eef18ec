import { decode, encode } from '../../src/codec.js';
import { calledWords } from '../../src/commands/called-words.js';
import type { Node } from '../../src/composition/types.js';
import type { Deployment, DeploymentManager } from '../../src/deployment/deployment.js';
import type { Renderable } from '../../src/display/bundle.js';
import type { Display } from '../../src/display/display.js';
import { installDriverGlobals } from '../../src/driver/client.js';
import { describeGlobals } from '../../src/driver/driver.js';
import { implementationOf } from '../../src/driver/machine/index.js';
import { Machine, type MachineContext } from '../../src/driver/machine.js';
import type { CommonMethodName } from '../../src/driver/methods.js';
import { DriverService } from '../../src/driver/service.js';
import { NxcError } from '../../src/errors.js';
import { decodeAnswer, encodeAnswer, type RpcHandler, toRpcError } from '../../src/rpc.js';
import { HostTransport } from './host-transport.js';

/** Keeps what was shown. */
export class RecordingDisplay implements Display {
  text = '';
  updates = 0;
  readonly shown: Renderable[] = [];

  write(text: string): void {
    this.text += text;
  }

  show(content: Renderable) {
    const index = this.shown.push(content) - 1;
    return {
      update: (next: Renderable) => {
        this.updates++;
        this.shown[index] = next;
      },
    };
  }

  async ask(): Promise<string> {
    throw new NxcError('nobody to ask');
  }

  /** text/plain of everything shown. */
  async plain(): Promise<string> {
    const bundles = await Promise.all(this.shown.map(one => one.toMimeBundle()));
    return bundles.map(bundle => bundle['text/plain']).join('\n');
  }
}

export const fourNodes: Node[] = [
  { name: 'server', role: 'server' },
  { name: 'client-1', role: 'client' },
  { name: 'client-2', role: 'client' },
  { name: 'class', role: 'odd' },
];

/** A deployment of nodes that are all this machine. */
export function hostDeployment(nodes: readonly Node[], testScript?: string): Deployment {
  const transports = new Map(nodes.map(node => [node.name, new HostTransport(node.name)]));
  return {
    nodes,
    flavour: { name: 'host' },
    testScript: async () => testScript,
    transport: (name: string) => transports.get(name)!,
    status: async () => nodes.map(node => ({ ...node, state: 'running' as const })),
    async *logs() {
      yield { node: 'server', unit: 'x.service', text: 'the last words of x' };
    },
  } as unknown as Deployment;
}

// biome-ignore lint/suspicious/noExplicitAny: the arguments differ from method to method
export type BoundMachine = Record<CommonMethodName, (...args: any[]) => Promise<any>>;

/** A machine with the methods that a client calls. */
export function boundMachine(node: Node, deployment: Deployment, context: MachineContext): BoundMachine {
  const machine = new Machine(node, deployment, context);
  return new Proxy({} as BoundMachine, {
    get:
      (_, name) =>
      (...args: unknown[]) =>
        implementationOf(name as CommonMethodName)(machine, ...args),
  });
}

/** A service of the driver and, across the codec, the globals that a TypeScript cell would see. */
export function serve(deployment: Deployment, cwd = process.cwd()) {
  const display = new RecordingDisplay();
  const manager = {
    current: async () => deployment,
    require: async () => deployment,
    onChange: () => () => {},
  } as unknown as DeploymentManager;
  const verbs: string[][] = [];
  const service = new DriverService({
    manager,
    workspace: { cwd },
    display: () => display,
    run: async (verb, args) => {
      verbs.push([verb, ...(await calledWords(verb, args))]);
      return 0;
    },
  });
  const cell = new AbortController();
  const request = acrossProcesses(service.handle, cell.signal);
  const listeners: Array<(params: unknown) => void> = [];
  // biome-ignore lint/suspicious/noExplicitAny: these are the untyped globals of a cell
  const globals: Record<string, any> = {};
  installDriverGlobals(globals, { request }, { on: (_, listener) => void listeners.push(listener) });
  const announce = (nodes: readonly Node[]) => {
    for (const listener of listeners) listener(describeGlobals({ nodes }));
  };
  announce(deployment.nodes);
  return { service, display, globals, announce, verbs, cell };
}

/** What a child process would see: parameters, results and errors cross as between processes. */
export function acrossProcesses(handle: RpcHandler, signal: AbortSignal) {
  return async (method: string, params: unknown): Promise<unknown> => {
    const sent = encode(params);
    const answer = await handle(method, decode(sent), { signal, cellId: 'cell-1' }).then(
      value => ({ value }),
      error => ({ error: toRpcError(error) }),
    );
    return decodeAnswer(encodeAnswer(answer));
  };
}
