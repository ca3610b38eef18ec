import { type ErrorParts, NxcError } from '../errors.js';
import { visibleParts } from '../visible.js';
import type { Position } from './source.js';

export type NixErrorKind =
  | 'parse'
  | 'type'
  | 'missing-attribute'
  | 'undefined-variable'
  | 'infinite-recursion'
  | 'assertion'
  | 'throw'
  | 'abort'
  /** Steps, depth or time ran out. */
  | 'budget'
  /** A wrong argument of a builtin, a missing file, what needs Nix itself. */
  | 'evaluation';

/** Where evaluation was when the error happened: `while calling 'f'`. */
export interface Frame {
  what: string;
  position?: Position;
}

const keptFrames = 10;

/**
 * An error in the user's Nix code. The evaluator adds position and frames on the error's way out, so the message
 * is complete only for who catches it outside.
 */
export class NixError extends NxcError {
  readonly kind: NixErrorKind;
  /** What may stand in a string instead, so that the rest can be looked at; the error has to be reported all the same. */
  readonly instead?: string;
  /** Innermost first, at most ten, our own Nix code left out. */
  readonly frames: Frame[] = [];
  #position: Position | undefined;

  constructor(kind: NixErrorKind, parts: ErrorParts | string, position?: Position) {
    super(visibleParts(parts));
    this.kind = kind;
    this.#position = position;
    if (position) this.#describe();
  }

  get position(): Position | undefined {
    return this.#position;
  }

  /** Absolute path, or `(string)`; undefined as long as no position is known. */
  get file(): string | undefined {
    return this.#position?.file;
  }

  /** From 1. */
  get line(): number | undefined {
    return this.#position?.line;
  }

  /** From 1. */
  get column(): number | undefined {
    return this.#position?.column;
  }

  /** The evaluator's: says where the error is, unless a place in the user's code is known already. True when it took effect. */
  locate(position: Position | undefined): boolean {
    if (!position || (this.#position && (!this.#position.source.hidden || position.source.hidden)))
      return false;
    this.#position = position;
    this.#describe();
    return true;
  }

  /** The evaluator's: adds a frame around those that are known. */
  addFrame(frame: Frame): void {
    if (this.frames.length >= keptFrames || frame.position?.source.hidden) return;
    this.frames.push(frame);
    this.#describe();
  }

  #describe(): void {
    const { asked, found, todo, nearest } = this.parts;
    const lines = [asked];
    if (nearest?.length) lines.push(`did you mean ${nearest.join(', ')}?`);
    if (this.#position) lines.push(`at ${this.#position}`, '', this.#position.excerpt(), '');
    if (found) lines.push(`found: ${found}`);
    if (todo) lines.push(`to do: ${todo}`);
    for (const { what, position } of this.frames) lines.push(position ? `${what} (${position})` : what);
    this.message = lines.join('\n').trimEnd();
  }
}
