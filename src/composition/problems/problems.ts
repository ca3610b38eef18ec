import { NxcError } from '../../errors.js';
import { NixError, type Position } from '../../nix/index.js';
import { NoValue } from '../modules/no-value.js';
import { NeedsNixOS } from '../options/needs-nixos.js';
import { MISSING } from '../packages/missing-package.js';
import { problemsError } from './problems-error.js';

/** Something that is wrong, everywhere that it is met. */
export interface Problem {
  error: NxcError;
  /** The first place is that of the error. */
  places: Place[];
}

export interface Place {
  position?: Position;
  /** The role that is looked at meanwhile. */
  role?: string;
}

/** Gathers what is wrong with a composition, so that one build shows all of it. */
export class Problems {
  readonly #found = new Map<string, Problem>();
  #role: string | undefined;
  /** How many errors were met, the same ones included. */
  #met = 0;

  get met(): number {
    return this.#met;
  }

  /** Keeps an error of the user; throws what ends everything. */
  readonly add = (error: unknown): void => {
    if (!(error instanceof NxcError) || isFinal(error)) throw error;
    this.#met++;
    // Files of a package that has been reported itself.
    if (error.parts.asked.includes(MISSING)) return;
    const position = error instanceof NixError ? error.position : undefined;
    const place = { position, role: this.#role };
    const known = this.#found.get(keyOf(error, position));
    if (!known) this.#found.set(keyOf(error, position), { error, places: [place] });
    else if (!known.places.some(other => samePlace(other, place))) known.places.push(place);
  };

  /** Does work whose failure leaves the rest as it is. */
  readonly attempt = <T>(work: () => T, instead: T): T => {
    try {
      return work();
    } catch (error) {
      this.add(error);
      return instead;
    }
  };

  /** Errors met in this work are the role's. */
  inRole<T>(role: string, work: () => T): T {
    const outer = this.#role;
    this.#role = role;
    try {
      return work();
    } finally {
      this.#role = outer;
    }
  }

  /** Throws what was found. */
  fail(file: string): never {
    this.check(file, true);
    throw new Error('no problem was found');
  }

  /**
   * Throws what was found, if anything.
   *
   * @param file the composition's
   * @param complete false when modules could not be read
   */
  check(file: string, complete: boolean): void {
    const all = [...this.#found.values()];
    // A value may be missing because of another problem: in the module that would give it, or in one that was not read.
    const shown = all.filter(
      ({ error }) => !(error instanceof NoValue && (!complete || isConsequence(error, all))),
    );
    if (shown.length > 0) throw problemsError(shown, file);
  }
}

/** Whether the module that would give the value is one of NixOS, and reported. */
const isConsequence = ({ place }: NoValue, all: readonly Problem[]): boolean =>
  all.some(
    ({ error }) =>
      error instanceof NeedsNixOS && error.place.slice(0, 2).every((name, index) => name === place[index]),
  );

/** Interrupts, and evaluations that used up their time. */
const isFinal = (error: NxcError): boolean =>
  error instanceof NixError ? error.kind === 'budget' : error.name === 'InterruptedError';

/** What names the thing that is wrong is one problem wherever it stands; others are one at each place. */
function keyOf(error: NxcError, position: Position | undefined): string {
  const { asked, found } = error.parts;
  const named =
    error instanceof NoValue ||
    (error instanceof NixError && ['evaluation', 'undefined-variable'].includes(error.kind));
  return JSON.stringify([asked, found, named ? '' : String(position)]);
}

const samePlace = (a: Place, b: Place): boolean =>
  a.role === b.role && String(a.position) === String(b.position);
