import { type ErrorParts, InterruptedError, NxcError } from '../../errors.js';
import { NixError, type NixErrorKind, Position, Source } from '../../nix/index.js';
import { CompositionError, DistributionError, ProjectError, SetupError } from '../errors.js';

/** An error on its way between threads: a structured clone would lose its class and all that is its own. */
export type PackedError =
  | { type: 'bug'; error: unknown }
  | { type: 'user'; name: string; parts: ErrorParts; message: string }
  | {
      type: 'nix';
      kind: NixErrorKind;
      parts: ErrorParts;
      position: PackedPosition | undefined;
      frames: Array<{ what: string; position: PackedPosition | undefined }>;
    };

interface PackedPosition {
  source: Pick<Source, 'text' | 'file' | 'directory' | 'hidden'>;
  start: number;
  end: number;
}

const classes = { CompositionError, DistributionError, InterruptedError, ProjectError, SetupError };

export function packError(error: unknown): PackedError {
  if (!(error instanceof NxcError)) return { type: 'bug', error };
  const { cause, ...told } = error.parts;
  const parts = cause === undefined ? told : { ...told, cause: packError(cause) };
  if (!(error instanceof NixError)) return { type: 'user', name: error.name, parts, message: error.message };
  const { kind, position, frames } = error;
  return {
    type: 'nix',
    kind,
    parts,
    position: packPosition(position),
    frames: frames.map(frame => ({ what: frame.what, position: packPosition(frame.position) })),
  };
}

export function unpackError(packed: PackedError): unknown {
  if (packed.type === 'bug') return packed.error;
  const { cause, ...told } = packed.parts;
  const parts = cause === undefined ? told : { ...told, cause: unpackError(cause as PackedError) };
  if (packed.type === 'user') {
    const Class = Object.entries(classes).find(([name]) => name === packed.name)?.[1] ?? NxcError;
    const error = new Class(parts as ErrorParts & string);
    error.message = packed.message;
    return error;
  }
  const error = new NixError(packed.kind, parts, unpackPosition(packed.position));
  for (const { what, position } of packed.frames) {
    error.addFrame({ what, ...(position && { position: unpackPosition(position) }) });
  }
  return error;
}

function packPosition(position: Position | undefined): PackedPosition | undefined {
  if (!position) return undefined;
  const { source, start, end } = position;
  const { text, file, directory, hidden } = source;
  return { source: { text, file, directory, hidden }, start, end };
}

function unpackPosition(packed: PackedPosition | undefined): Position | undefined {
  if (!packed) return undefined;
  const { text, file, directory, hidden } = packed.source;
  return new Position(new Source(text, file, directory, hidden), packed.start, packed.end);
}
