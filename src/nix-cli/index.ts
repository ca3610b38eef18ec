/**
 * The program `nix`: finding it, running it, reading its log as it comes, and asking a flake what it has. Knows flakes and
 * derivations, not what a composition is; the language itself is evaluated in src/nix.
 */
export * from './errors.js';
export * from './find.js';
export * from './outputs.js';
export * from './progress.js';
export * from './run.js';
