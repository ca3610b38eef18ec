import { inspect } from 'node:util';
import { terminalText } from './terminal-text.js';

/** What went wrong, in the four parts a person needs: what was asked, what was found, what to do, near names. */
export interface ErrorParts {
  /** What was asked for, as a full sentence without the final stop: `no flavour is called "dokcer"`. */
  asked: string;
  /** What was found instead. */
  found?: string;
  /** What to do about it: a command, an option, a file to edit. */
  todo?: string;
  /** Names that exist and look like the one that was asked for, nearest first. */
  nearest?: readonly string[];
  cause?: unknown;
}

/**
 * An error that the user can act on. Everything else that is thrown is a bug and is shown with its stack.
 * Subclasses name the area: `class CompositionError extends NxcError {}`.
 */
export class NxcError extends Error {
  readonly parts: ErrorParts;

  constructor(parts: ErrorParts | string) {
    const all = typeof parts === 'string' ? { asked: parts } : parts;
    super(describe(all), all.cause === undefined ? undefined : { cause: all.cause });
    this.parts = all;
  }

  override get name(): string {
    return this.constructor.name;
  }
}

function describe({ asked, found, todo, nearest }: ErrorParts): string {
  const lines = [asked];
  if (nearest?.length) lines.push(`did you mean ${nearest.join(', ')}?`);
  if (found) lines.push(`found: ${found}`);
  if (todo) lines.push(`to do: ${todo}`);
  // It may quote a node, a build or a file, and is shown in terminals.
  return terminalText(lines.join('\n'));
}

/** The work was cancelled by the user (interrupt, Ctrl-C). Not a failure of anything. */
export class InterruptedError extends NxcError {
  constructor(what = 'interrupted') {
    super({ asked: what });
  }
}

/** What was thrown, in a line. JavaScript throws anything; `{ code: 3 }` is then worth more than `[object Object]`. */
export function messageOf(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return String(thrown.message);
    return typeof thrown === 'string' ? thrown : inspect(thrown, { depth: 2, breakLength: Infinity });
  } catch {
    return 'what was thrown cannot be shown: reading it throws';
  }
}
