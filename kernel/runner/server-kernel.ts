import { randomUUID } from 'node:crypto';
import type { Kernel, KernelMessage, ServerConnection, Session } from '@jupyterlab/services';
import { nearest, unlessAborted } from '../../src/index.js';
import type { JsonObject, Notebook } from './ipynb/notebook.js';
import { type CellListener, type CellReply, KernelError, type RunnerKernel } from './runner-kernel.js';
import type { ServerAddress } from './server-address.js';

export interface ServerKernelOptions extends ServerAddress {
  notebook: Notebook;
  /** File name of the notebook, which the server shows for this run. */
  name: string;
  signal: AbortSignal;
}

/** A kernel that a Jupyter server runs, as JupyterLab would start it for this notebook. */
export class ServerKernel implements RunnerKernel {
  readonly info: JsonObject;
  readonly #session: Session.ISessionConnection;
  readonly #kernel: Kernel.IKernelConnection;
  readonly #dispose: () => void;
  readonly #died: Promise<never>;

  static async start({ url, token, notebook, name, signal }: ServerKernelOptions): Promise<ServerKernel> {
    const services = (await import('@jupyterlab/services')).default;
    const settings = services.ServerConnection.makeSettings({
      baseUrl: url,
      wsUrl: url.replace(/^http/, 'ws'),
      fetch: fetchOrSayWhy,
      ...(token ? { token } : {}),
      appendToken: Boolean(token),
    });
    const known = await orExplain(url, signal, kernelNames(services.ServerConnection, settings));
    const kernelName = chooseKernel(notebook, known, url);
    const kernels = new services.KernelManager({ serverSettings: settings });
    const sessions = new services.SessionManager({ kernelManager: kernels, serverSettings: settings });
    const dispose = (): void => {
      sessions.dispose();
      kernels.dispose();
    };
    try {
      // A path of its own: for a path that is open already the server would hand out that session, with somebody's kernel.
      const path = `nxc-run-${randomUUID().slice(0, 8)}-${name}`;
      const session = await sessions.startNew({ path, name, type: 'notebook', kernel: { name: kernelName } });
      try {
        const info = await unlessAborted(session.kernel!.info, signal);
        return new ServerKernel(session, session.kernel!, info as unknown as JsonObject, dispose);
      } catch (error) {
        await session.shutdown().catch(() => {});
        throw error;
      }
    } catch (error) {
      dispose();
      throw explain(url, signal, error);
    }
  }

  private constructor(
    session: Session.ISessionConnection,
    kernel: Kernel.IKernelConnection,
    info: JsonObject,
    dispose: () => void,
  ) {
    this.info = info;
    this.#session = session;
    this.#kernel = kernel;
    this.#dispose = dispose;
    this.#died = new Promise((_, reject) => {
      kernel.statusChanged.connect((_kernel, status) => {
        if (status === 'dead' || status === 'autorestarting') {
          reject(
            new KernelError({ asked: 'the kernel on the Jupyter server died', todo: "see the server's log" }),
          );
        }
      });
    });
    this.#died.catch(() => {});
  }

  async execute(code: string, { onMessage, ask }: CellListener): Promise<CellReply> {
    const future = this.#kernel.requestExecute(
      { code, silent: false, store_history: true, allow_stdin: ask !== undefined, stop_on_error: true },
      false,
    );
    future.onIOPub = message => {
      const { msg_type: type, date } = message.header;
      onMessage({ type, content: message.content as JsonObject, date });
    };
    future.onStdin = message => {
      if (message.header.msg_type === 'input_request')
        void this.#answer(message as KernelMessage.IInputRequestMsg, ask);
    };
    const reply = await Promise.race([future.done, this.#died]);
    return reply.content as unknown as CellReply;
  }

  async interrupt(): Promise<void> {
    await this.#kernel.interrupt();
  }

  async close(): Promise<void> {
    try {
      await this.#session.shutdown();
    } catch {
      // The server or its kernel is gone: there is nothing left to shut down.
    } finally {
      this.#dispose();
    }
  }

  async #answer(
    { content, header }: KernelMessage.IInputRequestMsg,
    ask: CellListener['ask'],
  ): Promise<void> {
    try {
      if (!ask) throw new KernelError('there is nobody to answer here');
      this.#kernel.sendInputReply(
        { status: 'ok', value: await ask(content.prompt, content.password) },
        header,
      );
    } catch {
      // Of a kernel that is gone the cell itself tells.
      await this.interrupt().catch(() => {});
    }
  }
}

/** Asked for directly: the library's own reader prints a warning where the server's default kernel is not installed. */
async function kernelNames(
  { makeRequest, ResponseError }: typeof ServerConnection,
  settings: ServerConnection.ISettings,
): Promise<string[]> {
  const response = await makeRequest(`${settings.baseUrl}api/kernelspecs`, {}, settings);
  if (!response.ok) throw await ResponseError.create(response);
  try {
    const { kernelspecs } = (await response.json()) as { kernelspecs: object };
    return Object.keys(kernelspecs);
  } catch (cause) {
    throw new KernelError({
      asked: `what answers at ${settings.baseUrl} is no Jupyter server`,
      todo: 'give the URL that `jupyter server list` shows',
      cause,
    });
  }
}

/** Node calls every reason `fetch failed` and has the reason in the cause, which the library drops. */
const fetchOrSayWhy: typeof fetch = (...request) =>
  fetch(...request).catch(({ message, cause }: Error & { cause?: NodeJS.ErrnoException }) => {
    throw new TypeError(cause?.message || cause?.code || message);
  });

/** The kernel that the notebook names, else one called nxc. */
function chooseKernel(notebook: Notebook, known: string[], url: string): string {
  const wanted = (notebook.metadata.kernelspec as { name?: string } | undefined)?.name ?? 'nxc';
  if (known.includes(wanted)) return wanted;
  throw new KernelError({
    asked: `the Jupyter server at ${url} has no kernel "${wanted}"`,
    nearest: nearest(wanted, known),
    found: `its kernels are ${known.join(', ')}`,
    todo: 'install it where the server runs: nxc kernel install',
  });
}

const orExplain = <T>(url: string, signal: AbortSignal, promise: Promise<T>): Promise<T> =>
  promise.catch(error => {
    throw explain(url, signal, error);
  });

function explain(url: string, signal: AbortSignal, error: unknown): unknown {
  if (signal.aborted || error instanceof KernelError) return error;
  const { message, response } = error as Error & Partial<ServerConnection.ResponseError>;
  const refused = response?.status === 403 || response?.status === 401;
  return new KernelError({
    asked: `the Jupyter server at ${url} cannot be used`,
    found: refused ? 'it refuses the token' : message,
    todo: refused
      ? 'give its token with --token (see `jupyter server list`)'
      : 'see that it runs: jupyter server list',
    cause: error,
  });
}
