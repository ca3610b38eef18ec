import { NxcError } from '../errors.js';

/** There is no `nix` that can be used, or it cannot do what was asked of it. */
export class NixUnavailable extends NxcError {}

/** Nix was asked and refused: an evaluation that failed, a derivation that does not build. */
export class NixFailed extends NxcError {}
