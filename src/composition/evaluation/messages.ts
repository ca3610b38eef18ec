import type { ShowRequest } from '../../nix/show.js';
import type { Entries } from '../packages/farm.js';
import type { PackedError } from './errors.js';
import type { Evaluated, LocalRequest } from './local-evaluation.js';

/** What the thread does, by name: what it is asked and what it answers, as structured clones. */
export interface Evaluations {
  /** A composition for `local`, with the packages that its farm has to have. */
  local: {
    request: LocalRequest;
    result: Omit<Evaluated, 'farm' | 'files'> & { packages: ReadonlyMap<string, Entries> };
  };
  /** Names of the compositions in a file. */
  names: { request: LocalRequest; result: string[] };
  /** The value of an expression or file, as text. */
  show: { request: ShowRequest; result: string };
}

export type EvaluationName = keyof Evaluations;

export interface Question<Name extends EvaluationName = EvaluationName> {
  name: Name;
  request: Evaluations[Name]['request'];
}

/** What goes to the process, with the environment that is the user's by then. */
export interface HostQuestion {
  env: NodeJS.ProcessEnv;
  question: Question;
}

/** Lines of `builtins.trace` come while the evaluation runs. `exhausted`: its memory is used up. */
export type Answer = { trace: string } | { result: unknown } | { error: PackedError } | { exhausted: true };
