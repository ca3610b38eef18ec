import type { AttrSet } from '../../nix/attrs.js';
import type { Position } from '../../nix/source.js';
import type { Lazy } from '../../nix/value.js';
import type { OptionType } from './type.js';

/** Where a module declares an option. */
export interface Declared {
  file: string;
  position: Position | undefined;
}

/** A declared option. */
export class Option {
  constructor(
    readonly type: OptionType,
    readonly parts: {
      default?: Lazy;
      /** A Nix function that every reader's value goes through. */
      apply?: Lazy;
      /** Whether it may be defined once only, its default included. */
      readOnly?: boolean;
      /** Where the user's own modules declare it. */
      declared?: readonly Declared[];
      /** What lib.mkOption was given. */
      declaration?: AttrSet;
      /** The type as Nix code has it, for options that Nix code declares. */
      nixType?: AttrSet;
    } = {},
  ) {}
}

/** An older name of the option, or group of options, that stands beside it. */
export class Alias {
  constructor(readonly of: string) {}
}

/** Declared options by name. */
export interface Options {
  readonly [name: string]: Options | Option | Alias;
}
