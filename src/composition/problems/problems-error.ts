import { dirname, relative } from 'node:path';
import type { NxcError } from '../../errors.js';
import { NixError, type Position } from '../../nix/index.js';
import { CompositionError } from '../errors.js';
import { MissingPackage } from '../packages/missing-package.js';
import { installAll } from '../packages/programs.js';
import type { Place, Problem } from './problems.js';

/** From so many problems on, each is shown in a line or two. */
const MANY = 12;

/** All that is wrong with a composition, each problem at its own places. */
export function problemsError(problems: readonly Problem[], file: string): NxcError {
  const [first] = problems;
  if (problems.length === 1) return alone(first!);
  const error = new CompositionError({ asked: `${problems.length} problems in ${file}` });
  error.message = describeAll(problems, file);
  return error;
}

/** As the error says it by itself, with the role and everywhere else that it was met. */
function alone({ error, places: [first, ...others] }: Problem): NxcError {
  if (!(error instanceof NixError)) {
    if (!(error instanceof CompositionError) || first?.role === undefined) return error;
    return new CompositionError({
      ...error.parts,
      asked: `role ${first.role}: ${error.parts.asked}`,
      cause: error,
    });
  }
  if (first?.role !== undefined) error.addFrame({ what: `in role ${first.role}` });
  for (const { role, position } of others) {
    error.addFrame({ what: role === undefined ? 'the same' : `the same in role ${role}`, position });
  }
  return error;
}

/** `file` is the composition's, an absolute path; others are named from its folder. */
function describeAll(problems: readonly Problem[], file: string): string {
  const folder = dirname(file);
  const shown = (position: Position): string => {
    const inside = relative(folder, position.file);
    return `${inside.startsWith('..') ? position.file : inside}:${position.line}:${position.column}`;
  };
  const brief = problems.length > MANY;
  const blocks = problems.map(({ error, places }, index) => {
    const number = `${index + 1}. `;
    const indent = ' '.repeat(number.length);
    const { asked, found, nearest } = error.parts;
    const [first, ...others] = places;
    const lines = [
      ...asked.split('\n'),
      ...(nearest?.length ? [`did you mean ${nearest.join(', ')}?`] : []),
      ...(first ? [describePlace(first, shown)] : []),
      ...excerptOf(error, brief),
      ...(found && !brief ? `found: ${found}`.split('\n') : []),
      ...alsoIn(others, first, shown),
    ];
    return number + lines.filter(Boolean).join(`\n${indent}`);
  });
  const advice = adviceOf(problems);
  return [
    `${problems.length} problems in ${file}`,
    blocks.join(brief ? '\n' : '\n\n'),
    ...(advice.length ? [advice.join('\n')] : []),
  ].join('\n\n');
}

/** `at composition.nix:3:5, in role a`. */
function describePlace({ position, role }: Place, shown: (position: Position) => string): string {
  const where = position && `at ${shown(position)}`;
  return [where, role === undefined ? undefined : `in role ${role}`].filter(Boolean).join(', ');
}

function excerptOf(error: NxcError, brief: boolean): string[] {
  if (!(error instanceof NixError) || !error.position) return [];
  const { position } = error;
  if (brief) return [`${position.line} | ${position.lineText()}`];
  return position.excerpt().split('\n');
}

/** Where else the same was met: the roles alone when the place is the same, as in a file that several roles import. */
function alsoIn(
  others: readonly Place[],
  first: Place | undefined,
  shown: (position: Position) => string,
): string[] {
  const same = others.filter(({ position }) => String(position) === String(first?.position));
  const elsewhere = others.filter(place => !same.includes(place));
  const roles = same.flatMap(({ role }) => (role === undefined ? [] : [role]));
  return [
    ...(roles.length ? [`the same in ${roles.length === 1 ? 'role' : 'roles'} ${roles.join(', ')}`] : []),
    ...elsewhere.map(place => `the same ${describePlace(place, shown)}`),
  ];
}

/** What to do, each advice once, with the numbers of the problems that it is for. */
function adviceOf(problems: readonly Problem[]): string[] {
  const numbers = new Map<string, number[]>();
  const packages = problems.flatMap(({ error }) =>
    error instanceof MissingPackage && error.installable ? error.attribute : [],
  );
  problems.forEach(({ error }, index) => {
    const todo =
      error instanceof MissingPackage && error.installable ? installAll(packages) : error.parts.todo;
    if (todo) numbers.set(todo, [...(numbers.get(todo) ?? []), index + 1]);
  });
  return [...numbers].map(([todo, list]) => `to do for ${list.join(', ')}: ${todo}`);
}
