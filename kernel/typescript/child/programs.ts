import childProcess, { type ChildProcess as Program } from 'node:child_process';
import { closeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { makeOutputs, type OutputName } from '../../../src/client.js';
import { type CellContext, currentCell, throwWhenStopped } from './cell-context.js';
import { sendAndWait, waitUntilShown } from './channel.js';
import { nameOf } from './output.js';

type Options = { stdio?: unknown; detached?: boolean };
type Blocking = (...values: unknown[]) => unknown;

const outputs = new Map<CellContext, Record<OutputName, number> | undefined>();

/**
 * A program that inherits stdout or stderr gets FIFOs of its cell in their place. Programs that are not waited for start in
 * the method of every ChildProcess, the others in one of three functions.
 */
export function captureProgramOutput(): void {
  const { prototype } = childProcess.ChildProcess as unknown as {
    prototype: { spawn: (this: Program, options: Options) => unknown };
  };
  const { spawn } = prototype;
  prototype.spawn = function (options) {
    const replaced = withOutputs(options);
    const result = spawn.call(this, replaced);
    // What it wrote comes before what the cell writes next.
    if (replaced !== options) this.once('exit', waitUntilShown);
    if (!options.detached) interruptWithCell(this);
    closeLate();
    return result;
  };
  for (const name of ['spawnSync', 'execFileSync', 'execSync'] as const) {
    const run = childProcess[name] as Blocking;
    const wrapped: Blocking = (...values) => {
      const at = values.findLastIndex(
        value => typeof value === 'object' && value !== null && !Array.isArray(value),
      );
      const given = values[at] as Options | undefined;
      const replaced = given && withOutputs(given);
      try {
        return run(...(replaced === given ? values : values.with(at, replaced)));
      } finally {
        if (replaced !== given) waitUntilShown();
        closeLate();
        throwWhenStopped();
      }
    };
    Object.defineProperties(wrapped, {
      name: { value: name, configurable: true },
      length: { value: run.length, configurable: true },
    });
    Object.assign(childProcess, { [name]: wrapped });
  }
  syncBuiltinESMExports();
}

/** As Ctrl-C does: a cell that waits for a program ends, and so does the program. */
function interruptWithCell(program: Program): void {
  const cell = currentCell();
  if (!cell || cell.ended) return;
  const { signal } = cell;
  const interrupt = () => void program.kill('SIGINT');
  signal.addEventListener('abort', interrupt, { once: true });
  program.once('exit', () => signal.removeEventListener('abort', interrupt));
}

/** The cell is over: the FIFOs last as long as its programs do. */
export function closeOutputs(cell: CellContext): void {
  const own = outputs.get(cell);
  outputs.delete(cell);
  if (own) for (const descriptor of Object.values(own)) closeSync(descriptor);
}

/** Of a cell that is over already nobody would close them later. */
function closeLate(): void {
  const cell = currentCell();
  if (cell?.ended) closeOutputs(cell);
}

/** The same options where nothing is inherited. */
function withOutputs(options: Options): Options {
  const cell = currentCell();
  const { stdio } = options;
  const given = stdio === 'inherit' ? ['inherit', 'inherit', 'inherit'] : stdio;
  if (cell?.cellId === undefined || !Array.isArray(given)) return options;
  const names = given.map((one: unknown, index) => nameOf(inherited(one, index)));
  if (!names.some(name => name)) return options;
  if (!outputs.has(cell)) outputs.set(cell, open(cell.cellId));
  const own = outputs.get(cell);
  if (!own) return options;
  waitUntilShown();
  return { ...options, stdio: given.map((one: unknown, index) => (names[index] ? own[names[index]] : one)) };
}

/** The descriptor of this process that an entry of `stdio` stands for. */
function inherited(one: unknown, index: number): unknown {
  if (one === 'inherit') return index;
  return typeof one === 'object' && one !== null && 'fd' in one ? one.fd : one;
}

/** Undefined where no FIFOs can be made; programs then write to what this process inherited, and that goes to the newest cell. */
function open(cellId: string): Record<OutputName, number> | undefined {
  try {
    return makeOutputs(folder => sendAndWait(turn => ({ type: 'programs', turn, cellId, folder })));
  } catch {
    return undefined;
  }
}
