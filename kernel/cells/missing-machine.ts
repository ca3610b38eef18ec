import {
  describeGlobals,
  driverDeclarations,
  type Expected,
  expectedNodes,
  machineMethods,
  NxcError,
  nearest,
  projectHere,
} from '../../src/index.js';
import type { CellError } from '../session/interpreter.js';
import type { Notebook } from './notebook.js';

/**
 * A name that is not defined may be that of a machine of a deployment that does not run, or nearly one, and what is no function nearly
 * a method of machines: the error says so.
 */
export async function explainMissingName(error: CellError, notebook: Notebook): Promise<CellError> {
  const [, name] = /^(\S+) is not defined$/.exec(error.evalue) ?? [];
  const [, object, method] = /([\w$]+)\.([\w$]+) is not a function$/.exec(error.evalue) ?? [];
  let hints: Promise<string[]>;
  if (name !== undefined && error.ename === 'ReferenceError') hints = hint(name, notebook);
  else if (method !== undefined && error.ename === 'TypeError') hints = methodHint(object!, method, notebook);
  else return error;
  const lines = await hints.catch(reason => {
    // A build or record that cannot be used is told by the commands that use it.
    if (reason instanceof NxcError) return [];
    throw reason;
  });
  return {
    ...error,
    evalue: [error.evalue, ...lines].join('\n'),
    traceback: [...error.traceback, ...lines],
  };
}

async function hint(name: string, { manager, workspace: { cwd } }: Notebook): Promise<string[]> {
  const running = await manager.current(cwd);
  if (running) return hintAmong(name, describeGlobals(running));
  const project = projectHere(cwd);
  const expected = project && (await expectedNodes(project));
  const globals = describeGlobals(expected);
  const near = [name, ...nearest(name, namesOf(globals))].find(one => isMachine(one, globals));
  if (near === undefined) return didYouMean(name, namesOf(globals));
  return [
    ...(near === name ? [] : [`did you mean ${near}?`]),
    found(near, expected),
    `to do: ${expected?.build ? '%nxc start' : project ? '%nxc build, then %nxc start' : '%cd to a project, or make one with %nxc init'}`,
  ];
}

async function methodHint(
  object: string,
  method: string,
  { manager, workspace }: Notebook,
): Promise<string[]> {
  const running = await manager.current(workspace.cwd);
  if (!running) return [];
  const machines = describeGlobals(running).machines.map(({ identifier }) => identifier);
  if (![...machines, 'machine', 'nodes'].includes(object)) return [];
  return didYouMean(
    method,
    machineMethods.map(one => one.name),
  );
}

function found(name: string, expected: Expected | undefined): string {
  if (!expected || name === 'machine')
    return 'found: machines are there while a deployment runs, and none does';
  if (expected.build === undefined)
    return `found: ${name} is a node of this composition, which is not built yet`;
  return `found: ${name} is a node of the build ${expected.build}, and no deployment of it runs`;
}

type Globals = ReturnType<typeof describeGlobals>;

function hintAmong(name: string, globals: Globals): string[] {
  const machines = globals.machines.map(({ identifier }) => identifier);
  // Looking for it just now has made it known.
  if (machines.includes(name) || (name === 'machine' && machines.length === 1))
    return ['found: its deployment was started elsewhere since the last cell', 'to do: run the cell again'];
  if (name !== 'machine') return didYouMean(name, namesOf(globals));
  return [`found: \`machine\` is there when a deployment has one node; this one has ${machines.join(', ')}`];
}

function didYouMean(name: string, known: readonly string[]): string[] {
  const near = nearest(name, known);
  return near.length > 0 ? [`did you mean ${near.join(', ')}?`] : [];
}

/** Also what `-r role=2` makes of a role: role1, role2. */
const isMachine = (name: string, { machines }: Globals): boolean =>
  name === 'machine' ||
  machines.some(({ identifier, role }) => identifier === name || name.replace(/\d+$/, '') === role);

/** All that the driver defines for cells. */
const namesOf = (globals: Globals): string[] =>
  [...driverDeclarations(globals).matchAll(/^declare (?:var|function) ([\w$]+)/gm)].map(match => match[1]!);
