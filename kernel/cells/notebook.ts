import { setTimeout } from 'node:timers/promises';
import { assetPath } from '../../src/assets.js';
import {
  type CommandContext,
  type CommandResult,
  calledWords,
  changeWorkspace,
  closeScripts,
  createManager,
  type Deployment,
  type DeploymentManager,
  DriverService,
  describeGlobals,
  driverDeclarations,
  LeftPrograms,
  metricsOf,
  NxcError,
  runCommandLine,
  runningBefore,
  sharedController,
  type Workspace,
  type WorkspaceChange,
} from '../../src/index.js';
import { abortable } from '../abortable.js';
import { notebookCommands } from '../commands.js';
import { PRELOAD } from '../preload.js';
import { Remembered } from '../remembered.js';
import type { Cell, CellOutput } from '../session/interpreter.js';
import type { TypeScript } from '../typescript/index.js';
import { globalDeclarations } from '../typescript/language/declarations.js';
import { type Lookup, lookupIn } from './interpolate.js';
import { NotebookDisplay } from './notebook-display.js';
import { withPicture } from './with-picture.js';

/** Milliseconds that TypeScript cells have to end before deployments are stopped, and programs of `%%sh` before they are killed. */
const HEAD_START = 1000;
const PROGRAMS_END = 1000;

interface NotebookOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  file?: string;
  /** The file that `nxc run` writes after every cell. */
  executed?: string;
  /** Identifies the kernel, also after a restart, or the run that this one goes on with. */
  keeper: string;
  isRun: boolean;
}

/** What the cells of a notebook share: where they work, the deployments, the TypeScript scope, the driver. */
export class Notebook {
  readonly workspace: Workspace;
  readonly manager: DeploymentManager;
  readonly driver: DriverService;
  readonly lookup: Lookup;
  /** What scripts of this machine left running. */
  readonly leftPrograms = new LeftPrograms();
  /** Where the last `%cd` came from. */
  folderBefore: string | undefined;
  readonly #file: string | undefined;
  readonly #executed: string | undefined;
  readonly #displays = new Remembered<NotebookDisplay>();
  readonly #labels = new Remembered<string>();
  /** The cell that ended last. */
  #lastCell: { label: string; endedAt: number } | undefined;
  readonly #background = sharedController();
  readonly #running = new Set<Promise<void>>();
  /** Variables that `--var` made, for completion. */
  readonly #results = new Set<string>();
  #deployment: Deployment | undefined;
  /** What ran before this kernel; undefined once a cell has said it. */
  #before: Promise<string> | undefined;
  #announced = Promise.resolve();
  /** While it is being found out what runs already. */
  #lookingUp: Promise<void> | undefined;
  #typescript: Promise<TypeScript> | undefined;

  constructor({ cwd, env, file, executed, keeper, isRun }: NotebookOptions) {
    this.workspace = { cwd, env: { ...env } };
    this.manager = createManager(keeper, Number(process.env.JPY_PARENT_PID));
    this.#file = file;
    this.#executed = executed;
    this.lookup = lookupIn(async () => {
      await this.#lookingUp;
      return this.typescript();
    });
    this.driver = new DriverService({
      manager: this.manager,
      workspace: this.workspace,
      display: cellId => this.displayOf(cellId),
      run: async (verb, args, { display, signal, cellId }) =>
        runCommandLine(
          [verb, ...(await calledWords(verb, args))],
          this.commandContext(display, signal, cellId),
          notebookCommands,
        ),
    });
    // What cannot be read now, verbs that are asked will tell.
    this.#before = runningBefore(this.manager, cwd, file, isRun ? keeper : undefined).catch(() => '');
    metricsOf(this.manager);
    this.manager.onChange(current => {
      this.#deployment = current;
      this.#announced = this.#announce();
    });
  }

  /** The process of TypeScript cells; started by the first who asks. */
  typescript(): Promise<TypeScript> {
    this.#typescript ??= this.#startTypeScript();
    return this.#typescript;
  }

  /** Opens a cell: what belongs to its id from now on is shown there. */
  open({ id, output, executionCount, silent }: Cell): NotebookDisplay {
    const display = new NotebookDisplay(output);
    this.#displays.set(id, display);
    this.#labels.set(id, `In[${executionCount}]`);
    // A front-end's own business is no part of what is measured.
    if (!silent) this.driver.begin(id, `In[${executionCount}]`);
    return display;
  }

  /** A cell has ended. */
  closeCell({ id, executionCount, silent }: Cell): void {
    this.driver.finish(id);
    if (!silent) this.#lastCell = { label: `In[${executionCount}]`, endedAt: Date.now() };
  }

  displayOf(cellId: string | undefined): NotebookDisplay {
    const display = cellId === undefined ? [...this.#displays.values()].at(-1) : this.#displays.get(cellId);
    return display ?? new NotebookDisplay(nowhere);
  }

  commandContext(
    display: CommandContext['display'],
    signal: AbortSignal,
    cellId: string | undefined,
  ): CommandContext {
    const label = cellId === undefined ? undefined : this.#labels.get(cellId);
    return {
      ...this.completionContext(),
      display,
      signal,
      ...(label === undefined ? {} : { cellLabel: label }),
      ...(this.#lastCell ? { lastCell: this.#lastCell } : {}),
    };
  }

  completionContext(): Omit<CommandContext, 'display' | 'signal'> {
    const { workspace, manager } = this;
    return {
      workspace,
      manager,
      front: 'notebook',
      ...(this.#file === undefined ? {} : { notebook: this.#file }),
      ...(this.#executed === undefined ? {} : { executed: this.#executed }),
    };
  }

  /** Changes where cells of every kind work. */
  async change(change: WorkspaceChange): Promise<void> {
    this.#follow(change);
    const typescript = await this.typescript();
    for (const [method, params] of Object.entries(change)) typescript.notify(method, params);
  }

  /** TypeScript cells are there already, or will be. */
  #follow(change: WorkspaceChange): void {
    const { cwd } = this.workspace;
    changeWorkspace(this.workspace, change);
    if (this.workspace.cwd === cwd) return;
    this.folderBefore = cwd;
    // Another project may have another deployment.
    this.lookUp();
  }

  /** Finds a deployment that runs already (of an earlier kernel, of a terminal), so that its machines have names. */
  lookUp(): void {
    this.#lookingUp ??= this.#lookUp().finally(() => {
      this.#lookingUp = undefined;
    });
  }

  /** Until it has been done for the folder that cells then work in: code may go through many. */
  async #lookUp(): Promise<void> {
    for (let cwd: string | undefined; cwd !== this.workspace.cwd; ) {
      cwd = this.workspace.cwd;
      await this.manager.current(cwd).catch(() => undefined);
      await this.#announced;
    }
  }

  /** Tells the first cell what ran before this kernel; resolves when it has. */
  async greet(display: NotebookDisplay, signal: AbortSignal): Promise<void> {
    const found = this.#before;
    this.#before = undefined;
    const text = found && (await abortable(found, signal));
    if (text) display.write(text);
  }

  /** Until the names of what ran already are known to TypeScript cells, or the signal comes. */
  async lookedUp(signal: AbortSignal): Promise<void> {
    if (this.#lookingUp) await abortable(this.#lookingUp, signal);
  }

  /** What cells have from the kernel: the driver, displays and the nodes of the deployment. */
  ownNames(): Set<string> {
    const declared = globalDeclarations(driverDeclarations(describeGlobals(this.#deployment)));
    return new Set([...declared.matchAll(/^(?:var|function) ([\w$]+)/gm)].map(([, name]) => name!));
  }

  async bindResults(name: string, results: readonly CommandResult[]): Promise<void> {
    await (await this.typescript()).bind(name, results);
    this.#results.add(name);
    await this.#announce();
  }

  /** Work that goes on when its cell is over; its errors are shown there. */
  inBackground(display: NotebookDisplay, work: (signal: AbortSignal) => Promise<void>): void {
    const running = work(this.#background.signal)
      .catch(error => display.write(`${(error as Error).message}\n`, 'stderr'))
      .then(() => display.settled())
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async close({ stopDeployments }: { stopDeployments: boolean }): Promise<void> {
    this.#background.abort();
    await Promise.allSettled([...this.#running]);
    const ended = Promise.all([
      closeScripts(this.manager),
      this.#typescript?.then(typescript => typescript.close()),
    ]);
    // Code of cells may use machines to its end, but none must be left for want of time.
    await Promise.race([ended, setTimeout(HEAD_START, undefined, { ref: false })]);
    await Promise.all([
      ended,
      this.leftPrograms.end(PROGRAMS_END),
      this.manager.close({ stopOwn: stopDeployments }),
    ]);
    // What was recorded to the end is written.
    metricsOf(this.manager).follow(undefined);
  }

  async #startTypeScript(): Promise<TypeScript> {
    const { createTypeScript } = await import('../typescript/index.js');
    const typescript = createTypeScript({
      cwd: this.workspace.cwd,
      env: this.workspace.env,
      changed: change => this.#follow(change),
      rpc: this.driver.handle,
      preload: assetPath(PRELOAD),
      enrich: withPicture,
    });
    this.#tell(typescript);
    return typescript;
  }

  async #announce(): Promise<void> {
    if (this.#typescript) this.#tell(await this.#typescript);
  }

  #tell(typescript: TypeScript): void {
    const globals = describeGlobals(this.#deployment);
    typescript.notify('globals', globals);
    const results = [...this.#results].map(name => `declare var ${name}: CommandFields[];`);
    typescript.declare([driverDeclarations(globals), ...results].join('\n'));
  }
}

/** Output of code that no remembered cell caused. */
const nowhere: CellOutput = {
  stream: (_, text) => process.stderr.write(text),
  display: () => {},
  result: () => {},
  clear: () => {},
  input: () => Promise.reject(new NxcError('there is nobody to ask: the cell is long over')),
};
