/** What scripts and cells know beside the machines: the same words in TypeScript and Python, and those of one of the two. */
export interface ScriptSymbol {
  doc: string;
  /** Its ambient declaration, `declare` left out. */
  typescript?: string;
  /** How it is called in a test script. */
  python?: string;
}

export const symbols: readonly ScriptSymbol[] = [
  {
    doc: 'Starts the machines that are off.',
    typescript: 'function startAll(): Promise<void>',
    python: 'start_all()',
  },
  {
    doc: "Runs the composition's testScript.",
    typescript: 'function runTests(): Promise<void>',
    python: 'run_tests()',
  },
  {
    doc: 'A named part of a test: timed, and listed with its result. It may be worth points when it passes.',
    typescript: `function subtest<T>(name: string, run: () => T | Promise<T>): Promise<T>;
declare function subtest<T>(name: string, options: { points?: number }, run: () => T | Promise<T>): Promise<T>`,
    python: 'with subtest(name, points=None):',
  },
  {
    doc: 'Tries again until the function gives something else than false and throws nothing (in Python: until it gives something true), for timeout seconds.',
    typescript:
      'function retry<T>(action: (last: boolean) => T | Promise<T>, options?: { timeout?: number }): Promise<T>',
    python: 'retry(fn, timeout=900)',
  },
  {
    doc: 'A condition that must stay true while something else is done: it is checked again and again, every interval seconds.',
    typescript: `function pollingCondition(
  check: () => unknown,
  options?: { interval?: number; description?: string },
): { wait(timeout?: number): Promise<void>; during<T>(work: () => T | Promise<T>): Promise<T> }`,
    python: '@polling_condition(seconds_interval=2.0, description=None)',
  },
  {
    doc: 'Calls run for every combination of the values, one after the other, and gives the rows. With resume each row is in that file before the next one begins, and what is there already is not run again; when run itself has changed since, the sweep asks what the rows there are worth. What was measured before a sweep failed is in sweep.rows (Python: driver.sweep_rows).',
    typescript: `var sweep: {
  <S extends Record<string, readonly unknown[]>>(
    space: S,
    run: (point: { [K in keyof S]: S[K][number] }) => object | Promise<object>,
    options?: {
      /** A file of JSON lines. */
      resume?: string;
      /** For rows that run has measured before it was changed: go on with them, or measure all points again. */
      changed?: 'keep' | 'redo';
    },
  ): Promise<Array<Record<string, any>>>;
  /** The rows of the last sweep, also of one that failed. */
  rows: Array<Record<string, any>>;
}`,
    python: 'sweep(space, run, resume=None, changed=None)',
  },
  {
    doc: 'All machines of the deployment, an array that stays as it is; methods of machines run on all of them at once, also on those of nodes.byRole, filter and slice; each is there by its name, too: nodes.server. What map gives can be awaited as a whole.',
    typescript: 'var nodes: MachineList & typeof machines',
    python: 'machines',
  },
  {
    doc: 'The verbs of nxc, with the arguments of the terminal; each gives its exit status.',
    typescript:
      'var nxc: { run(verb: string, ...args: Array<string | number>): Promise<number>; init: Verb; build: Verb; start: Verb; status: Verb; exec: Verb; logs: Verb; stop: Verb }',
  },
  {
    doc: 'What is measured, and points of your own.',
    typescript: `var metrics: {
  /** Adds a point of your own; \`at\` is its time in ms since 1970, by default now. */
  record(name: string, value: number, options?: { node?: string; unit?: string; at?: number }): Promise<void>;
  series(names: string | string[], options?: MetricQuery): Promise<MetricRow[]>;
  /** The newest value of every series. */
  latest(options?: MetricQuery): Promise<MetricRow[]>;
}`,
  },
  {
    doc: 'Plots metrics by name (cpu, memory, network, disk, your own) or rows of a table.',
    typescript:
      'function plot(what: string | string[] | ReadonlyArray<object>, options?: PlotOptions): Promise<void>',
  },
  {
    doc: 'Shows rows as a table.',
    typescript:
      'function table(rows: ReadonlyArray<object>, options?: { columns?: string[]; title?: string }): Promise<void>',
  },
  {
    doc: 'Writes to the output: log.info, log.warning, with log.nested(…); log.error ends the script.',
    python: 'log',
  },
  { doc: 'Assertions of unittest.', python: 't' },
  { doc: 'Returns at once: machines are stopped by nxc stop, not by a script.', python: 'join_all()' },
  {
    doc: 'Opens a prompt of pdb at that line of the script; c goes on, q ends the script.',
    python: 'debug.breakpoint()',
  },
];
