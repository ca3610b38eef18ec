import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { readConnectionFile, removeConnection } from '../protocol/connection-file.js';
import { KernelSockets } from '../protocol/sockets.js';
import { History, historyPath } from './history.js';
import type { Interpreter } from './interpreter.js';
import { Kernel } from './kernel.js';
import { endProcessGroup, superviseProcess } from './lifecycle.js';

export interface ServeOptions {
  connectionFile: string;
  /** Loads what runs the cells. Not called before the front-end has got its first answer, as loading takes time. */
  interpreter: () => Promise<Interpreter>;
  /** Cells that count as run already: the first one is the next. */
  cellsBefore?: number;
  /**
   * What was started goes on when the process is gone that started this kernel, which says so by the end of the standard input. It
   * made the connection file and its folder, and can no longer remove them.
   */
  outlived?: boolean;
}

/**
 * Milliseconds that the first cell waits for a client to hear iopub. Clients try to connect each of their sockets every
 * 100 ms, so a kernel that starts fast may be sent a cell before; jupyter console then waits for its end for ever.
 */
const AUDIENCE = 500;

/** Milliseconds between the last reply and the end: a front-end that learns of the end first takes it for a crash. */
const LAST_WORDS = 100;

/**
 * Runs a kernel in this process until it is told to shut down; the process exits then. Throws ConnectionError when the
 * connection file cannot be used.
 */
export async function serveKernel({
  connectionFile,
  interpreter,
  cellsBefore = 0,
  outlived = false,
}: ServeOptions): Promise<void> {
  const connection = await readConnectionFile(connectionFile);
  const session = randomUUID();
  const sockets = new KernelSockets(connection, session);
  await sockets.bind(connection);

  const history = new History(historyPath(), session);
  const exit = async () => {
    sockets.close();
    await Promise.all([history.flush(), setTimeout(LAST_WORDS)]);
    endProcessGroup();
    process.exit(0);
  };
  const audience = Promise.race([sockets.subscribed, setTimeout(AUDIENCE, undefined, { ref: false })]);
  const kernel = new Kernel({
    sockets,
    session,
    history,
    audience,
    interpreter,
    cellsBefore,
    onShutdown: () => void exit(),
  });
  superviseProcess({
    interrupt: () => void kernel.interrupt(),
    ...(outlived ? { lifeline: process.stdin } : {}),
    end: why => {
      const orphaned = outlived && why === 'orphaned';
      if (orphaned) process.once('exit', () => removeConnection(connectionFile, connection));
      void kernel.shutdown(orphaned).then(exit, exit);
    },
  });
  sockets.listen((channel, request) => kernel.receive(channel, request), reportDrop);
}

/** On the kernel's log, ever more rarely. */
function reportDrop(fault: string, count: number): void {
  if (Number.isInteger(Math.log10(count))) console.error(`dropped a message: ${fault} (${count} so far)`);
}
