import { Console } from 'node:console';
import { dirname } from 'node:path';
import type { AsyncCompleter } from 'node:readline';
import { type REPLEval, Recoverable, start } from 'node:repl';
import { Writable } from 'node:stream';
import { installDriverGlobals } from '../../driver/client.js';
import { argumentAt } from '../../driver/completion/argument.js';
import { completeUnit } from '../../driver/completion/unit-argument.js';
import { describeGlobals } from '../../driver/driver.js';
import { DriverService } from '../../driver/service.js';
import { InterruptedError, NxcError } from '../../errors.js';
import { makeFolder } from '../../make-folder.js';
import { RpcError } from '../../rpc.js';
import { sharedController } from '../../shared-signal.js';
import { terminalText } from '../../terminal-text.js';
import type { CommandContext } from '../command.js';
import { greeting } from './greeting.js';
import { historyFile } from './history.js';

const INTERRUPTED = 'ERR_SCRIPT_EXECUTION_INTERRUPTED';

/** Node's own prompt with the driver's globals, and types allowed; until Ctrl-D. */
export async function typescriptPrompt(context: CommandContext): Promise<number> {
  const { manager, workspace, display, signal } = context;
  const { parseSync } = await import('oxc-parser');
  const { transformSync } = await import('oxc-transform');
  let call = sharedController();
  const service = new DriverService({ manager, workspace, display: () => display });
  const globals = describeGlobals(await manager.require(workspace.cwd));
  const history = historyFile('typescript', workspace.env);
  makeFolder(dirname(history), 0o700);
  display.write(await greeting('TypeScript', context));
  // From here on it answers: all of it must be ready at once.
  const server = start({ prompt: '> ', breakEvalOnSigint: true });
  const console = new Console({ stdout: textOnly(process.stdout), stderr: textOnly(process.stderr) });
  Object.defineProperty(server.context, 'console', { value: console });
  installDriverGlobals(
    server.context,
    {
      // Here, because what is awaited tells its errors past the evaluation's callback.
      request: async (method, params) => {
        try {
          return await service.handle(method, params, { signal: call.signal });
        } catch (error) {
          throw tidy(error as Error);
        }
      },
    },
    { on: (_, listener) => listener(globals) },
  );

  const completeNames = server.completer as AsyncCompleter;
  const completer: AsyncCompleter = (line, done) => {
    const argument = argumentAt(line, line.length);
    const units = argument ? completeUnit(context, argument) : Promise.resolve(undefined);
    units.then(
      found =>
        found ? done(null, [found.matches.map(({ text }) => text), found.word]) : completeNames(line, done),
      () => done(null, [[], line]),
    );
  };

  const evaluate = server.eval;
  const own: REPLEval = (code, scope, file, done) => {
    const finish: typeof done = (error, value) => {
      service.finish(undefined);
      done(error === null ? null : tidy(error), value);
    };
    call = sharedController();
    try {
      evaluate.call(server, javascript(code), scope, file, finish);
    } catch (error) {
      finish(error as Error, undefined);
    }
  };
  Object.assign(server, { completer, eval: own, writer: withInterrupts(server.writer as Writer) });
  server.on('SIGINT', () => call.abort());
  signal.addEventListener('abort', () => server.close());

  /** What is JavaScript stays as it is: Node then knows whether it goes on. */
  function javascript(code: string): string {
    if (parseSync('input.js', code, { sourceType: 'module' }).errors.length === 0) return code;
    const { code: stripped, errors } = transformSync('input.ts', code, {
      lang: 'ts',
      sourceType: 'module',
      typescript: { onlyRemoveTypeImports: true },
    });
    if (errors.length === 0) return stripped;
    const end = code.trimEnd().length;
    const unfinished = errors.some(({ labels }) => labels.some(label => label.end >= end));
    if (unfinished) throw new Recoverable(new SyntaxError(errors[0]!.message));
    return code;
  }

  server.setupHistory(history, () => {});
  await new Promise(resolve => server.once('exit', resolve));
  return 0;
}

/** What code prints there may be what a node has printed. */
function textOnly(stream: NodeJS.WriteStream): Writable {
  const write: Writable['_write'] = (text, _, done) =>
    void stream.write(terminalText(String(text)), () => done());
  return Object.assign(new Writable({ write, decodeStrings: false }), { isTTY: stream.isTTY });
}

type Writer = ((value: unknown) => string) & { options?: object };

/** As this writer, but for Node's own word for Ctrl-C, which no callback gets to see. */
function withInterrupts(writer: Writer): Writer {
  const write = (value: unknown): string => {
    const interrupted = (value as Partial<NodeJS.ErrnoException> | null)?.code === INTERRUPTED;
    return interrupted ? `${new InterruptedError()}` : writer(value);
  };
  return Object.assign(write, { options: writer.options });
}

/** What the user can mend is shown by its message alone; the rest of it can be asked for. */
function tidy(error: Error): Error {
  const mendable = error instanceof NxcError || (error instanceof RpcError && error.user);
  if (!mendable) return error;
  error.stack = `${error.name}: ${error.message}`;
  for (const name of Object.keys(error)) Object.defineProperty(error, name, { enumerable: false });
  return error;
}
